import type { TwinAnswer, TwinRequest } from '../../../twin.ts';

/** One request of Twilio's REST API. */
export interface Asked {
  readonly form: URLSearchParams;
  readonly query: URLSearchParams;
  readonly headers: TwinRequest['headers'];
  /** What the groups of the path caught, the account or workspace first where there is one. */
  readonly ids: readonly string[];
  readonly path: string;
  readonly body: string;
}

export interface Route {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly host: string;
  readonly path: RegExp;
  /** Of a body that is JSON instead of a form. */
  readonly takesJson?: boolean;
  answer(asked: Asked): TwinAnswer;
}

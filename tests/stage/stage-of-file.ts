import { afterAll, beforeAll, beforeEach } from 'vitest';
import type { Env } from '../../shared/core/settings.ts';
import type { StageEvent } from '../../stage/events.ts';
import { openStage, type Stage } from '../../stage/stage.ts';

/** A stage for the tests of one file, fresh before each of them. */
export interface StageOfFile {
  readonly url: string;
  readonly port: number;
  /** What the functions are told. */
  readonly settings: Env;
  /** The log lines of the functions. */
  readonly lines: string[];
  /** One of the stage's own requests, or a call of a function. Resolves to the JSON of the answer. */
  ask<T = Record<string, unknown>>(method: string, path: string, input?: unknown): Promise<T>;
  /** The same with everything about the answer. */
  send(path: string, init?: RequestInit): Promise<Response>;
  events(): Promise<readonly StageEvent[]>;
}

export function stageOfFile(given: Env = {}): StageOfFile {
  let stage: Stage;
  const lines: string[] = [];
  beforeAll(async () => {
    stage = await openStage({ given, port: 0, write: (line) => lines.push(line) });
  });
  afterAll(() => stage.close());
  const send = (path: string, init?: RequestInit) => fetch(`${stage.url}${path}`, init);
  const own: StageOfFile = {
    get url() {
      return stage.url;
    },
    get port() {
      return stage.port;
    },
    get settings() {
      return stage.settings;
    },
    lines,
    send,
    async ask(method, path, input) {
      const answer = await send(path, { method, ...(input === undefined ? {} : { body: JSON.stringify(input) }) });
      const text = await answer.text();
      if (!answer.ok) throw new Error(`${method} ${path} was answered with ${answer.status}: ${text}`);
      return JSON.parse(text);
    },
    events: () => own.ask('GET', '/_stage/events'),
  };
  beforeEach(async () => {
    if ((given.STAGE ?? 'local') === 'local') await own.ask('POST', '/_stage/reset');
    lines.length = 0;
  });
  return own;
}

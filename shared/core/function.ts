import type { GenericSchema } from 'valibot';
import type { FormFields } from './body.ts';
import type { Clock } from './clock.ts';
import type { Deadline } from './deadline.ts';
import type { Inbound } from './inbound.ts';
import type { Notes } from './log.ts';
import type { Problem } from './problems.ts';
import type { Reply } from './reply.ts';
import type { Env, SettingsGroup } from './settings.ts';

/** The body after the structural check and before any meaning is taken from it. */
export interface Content {
  /** The JSON value or the form as an object of texts; undefined when the body is neither. */
  readonly value: unknown;
  /** Names that were there more than once. */
  readonly repeated: ReadonlySet<string>;
  /** Why the body could not be taken, kept until the caller is known. */
  readonly problem: Problem | undefined;
  /** The form with all its values; absent when the body is none, or could not be taken. */
  readonly form?: FormFields;
}

export interface CallerCheck<S> {
  readonly inbound: Inbound;
  readonly content: Content;
  readonly settings: S;
  /** The URL of this function as it is known outside, with the raw query as received. */
  readonly url: string;
  readonly nowMs: number;
}

/** Who may call a function, and how that is proved. */
export interface Caller<Who, S> {
  /** Says who calls. The build derives `.protected` and a runtime its limits from it. */
  readonly kind: 'twilio' | 'token' | 'session' | 'webhook' | 'agent' | 'several';
  readonly settings: SettingsGroup<S>;
  /** True where the check needs the raw bytes: such a function is not built for a platform that hides them. */
  readonly needsRawBody: boolean;
  /**
   * That with these settings nobody is let in on Twilio Functions, whose gateway lets nobody through but Twilio: one sentence,
   * which build and deployment say. Undefined where somebody is.
   */
  shutOnTwilio?(env: Env): string | undefined;
  /** Whether a call that is let in would be given an identity: equal ones may be of different people and share no answer. */
  isStranger?(inbound: Inbound): boolean;
  /** Resolves to who calls; throws a `Problem` for everybody else. Runs before any meaning is taken from the body. */
  check(call: CallerCheck<S>): Promise<Who>;
}

export interface InputSpec<In> {
  /** `form` also takes JSON signed with `bodySHA256`: Twilio sends both. `none`: a body would not be looked at. */
  readonly media: 'form' | 'json' | 'none';
  readonly schema: GenericSchema<unknown, In>;
  /**
   * `ours`: no name may stand twice and the schema refuses unknown ones. A list: a partner's body, in which unknown names
   * are ignored and only these identity-bearing ones must not be repeated.
   */
  readonly names: 'ours' | readonly string[];
}

export interface PortContext<S> {
  readonly settings: S;
  readonly clock: Clock;
  readonly env: Env;
}

/** A port that leaves the process: made once, bound to each call, so that nothing it does goes on after the answer. */
export interface PerCall<T> {
  readonly within: (deadline: Deadline) => T;
}

type PortMakers<P, S> = { readonly [K in keyof P]: (context: PortContext<S>) => P[K] | PerCall<P[K]> };

export interface Call<Who, In, S, P> {
  readonly who: Who;
  readonly input: In;
  readonly settings: S;
  readonly ports: P;
  readonly deadline: Deadline;
  readonly clock: Clock;
  /** For what is neither body nor caller: the query of our own URLs, `Idempotency-Key`, the platform's client address. */
  readonly inbound: Inbound;
  /** Adds words to the one log line of this call. */
  note(notes: Notes): void;
}

/** What is known of a call when a problem ends it. */
export interface FailedCall<Who, S> {
  /** Undefined while nobody was let in. */
  readonly who: Who | undefined;
  /** Whether the problem came after the check of the caller. */
  readonly verified: boolean;
  /** Undefined while the body was not looked at. */
  readonly content: Content | undefined;
  readonly settings: S;
  readonly id: string;
  readonly inbound: Inbound;
}

export interface FunctionDeclaration<Who = unknown, In = unknown, CS = unknown, S = unknown, P = unknown> {
  /** The last part of its URL, and its file's name. */
  readonly name: string;
  /** One sentence: what it is for. */
  readonly purpose: string;
  /** Who calls it, for the README table. */
  readonly calledBy: string;
  readonly methods: readonly string[];
  readonly caller: Caller<Who, CS>;
  readonly input: InputSpec<In>;
  readonly settings: SettingsGroup<S>;
  readonly ports: PortMakers<P, S & CS>;
  /** Hard limit for the whole answer in milliseconds, below the caller's own. */
  readonly deadlineMs: number;
  /** How often the platform itself is to call it, where it can: its schedule needs no key. */
  readonly everyMinutes?: number;
  /** Whether a browser calls it: then OPTIONS is answered and every answer carries the CORS headers. */
  readonly browser?: boolean;
  /** Headers of every answer, refusals too. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Does the work. Whatever it throws becomes the answer of `recover`, or the JSON form of the problem. */
  answer(call: Call<Who, In, S & CS, P>): Promise<Reply> | Reply;
  /**
   * The answer to a problem where JSON with its status is not what the caller understands; undefined is returned to leave
   * the JSON form in place.
   */
  recover?(problem: Problem, call: FailedCall<Who, S & CS>): Reply | undefined;
}

/** Declares a function. Types flow from the parts; build, `.env.example`, the Lambda list and the README table are derived from it. */
export function defineFunction<Who, In, CS, S, P>(
  declaration: FunctionDeclaration<Who, In, CS, S, P>,
): FunctionDeclaration<Who, In, CS, S, P> {
  return declaration;
}

/** Any function, whatever its types: what the build, the stage and the runtimes handle. */
// biome-ignore lint/suspicious/noExplicitAny: the five type parameters are only known inside each declaration
export type AnyFunction = FunctionDeclaration<any, any, any, any, any>;

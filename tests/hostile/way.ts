import type { StageEvent } from '../../stage/events.ts';
import type { HostileCall } from './call.ts';
import type { Input } from './corpus.ts';
import type { Answer } from './expectations.ts';

/** A way to bring a call to a function: over HTTP, or as the event of a platform. */
export interface Way {
  /** What its stage was prepared with, while nothing has happened on it since: preparing costs more than most inputs. */
  readonly stage: { holds: string | undefined };
  /** Begins anew with what an input needs: settings, faults, events that are no HTTP. */
  begin(input: Input): void;
  send(call: HostileCall, functionName: string): Promise<Answer>;
  /** The log lines of a function since they were taken last. Waits until there are `atLeast`, as long as that may take. */
  takeLogLines(functionName: string, atLeast: number): Promise<readonly string[]>;
  /** One of the stage's own requests. Resolves to its answer; rejects when it is refused. */
  ask(method: string, path: string, body?: unknown): Promise<unknown>;
}

/** Asks a stage for one of its own requests. */
export async function askStage(url: string, method: string, path: string, body?: unknown): Promise<unknown> {
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  const answer = await fetch(`${url}${path}`, { method, ...sent });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path} was answered with ${answer.status}: ${text}`);
  return JSON.parse(text);
}

export const eventsOf = async (way: Way) => (await way.ask('GET', '/_stage/events')) as readonly StageEvent[];

import { expect } from 'vitest';
import type { Env } from '../../shared/core/settings.ts';
import type { Script } from '../../stage/twins/twilio/voice/party.ts';
import type { AssistantScript } from '../../stage/twins/watson/script.ts';
import { type StageOfFile, stageOfFile } from './stage-of-file.ts';

/** One end of a call, as the stage tells it. */
export interface LegStory {
  readonly callSid: string;
  readonly parentCallSid?: string;
  readonly from: string;
  readonly to: string;
  readonly direction: string;
  readonly status: string;
  readonly party: string;
  readonly longestSilenceSec: number;
  readonly heard: readonly {
    readonly by: string;
    readonly text: string;
    readonly atSec: number;
    readonly forSec: number;
  }[];
  readonly alerts: readonly { readonly code: number; readonly says: string }[];
  readonly flow: readonly string[];
}

export interface TaskStory {
  readonly sid: string;
  readonly state: string;
  readonly virtualStartTimeMs: number;
  readonly attributes: Readonly<Record<string, string>>;
}

const PATIENCE = { timeout: 10_000 };
/** Nobody may be left in silence for longer. */
const LONGEST_SILENCE_SEC = 10;

/** The phones of a stage: callers, customers whom we call, the assistant, agents. */
export interface PhoneStage extends StageOfFile {
  legs(): Promise<readonly LegStory[]>;
  leg(callSid: string): Promise<LegStory>;
  /** The leg to a number, once there is one. */
  legTo(number: string): Promise<LegStory>;
  /** Waits until a leg is over, and gives it. */
  over(callSid: string): Promise<LegStory>;
  /** Somebody calls, from the number given or from that of the stage's customer, and the number given or that of the flow. */
  callIn(script?: Script & { readonly from?: string; readonly to?: string }): Promise<string>;
  assistant(script: AssistantScript): Promise<unknown>;
  people(scripts: Readonly<Record<string, Script>>): Promise<unknown>;
  tasks(): Promise<readonly TaskStory[]>;
  /** The task of a caller, once there is one. */
  taskOf(callSid: string): Promise<TaskStory>;
  accept(taskSid: string, script?: Script): Promise<unknown>;
  /** A visitor asks for a call; asks again how it stands. */
  wish(phone: string, more?: object): Promise<{ answer: WishAnswer; status(): Promise<WishAnswer> }>;
  /** Sees that nobody was in silence for more than 10 s. */
  nobodyWasLeftAlone(): Promise<void>;
}

export interface WishAnswer {
  readonly httpStatus: number;
  readonly requestId?: string;
  readonly status?: string;
  readonly reason?: string;
  readonly error?: { readonly code: string };
}

export function phoneStage(given: Env = {}): PhoneStage {
  const stage = stageOfFile(given);
  const legs = () => stage.ask<LegStory[]>('GET', '/_stage/calls');
  const tasks = async () => (await stage.ask<{ tasks: TaskStory[] }>('GET', '/_stage/flex')).tasks;
  const soon = async <T>(look: () => Promise<T | undefined>, what: string): Promise<T> => {
    await expect.poll(look, { ...PATIENCE, message: what }).toBeDefined();
    return (await look()) as T;
  };
  const leg = (callSid: string) =>
    soon(async () => (await legs()).find((one) => one.callSid === callSid), `the leg ${callSid}`);

  return Object.assign(stage, {
    legs,
    leg,
    legTo: (number: string) =>
      soon(async () => (await legs()).findLast(({ to }) => to === number), `a leg to ${number}`),
    async over(callSid: string) {
      await expect
        .poll(async () => (await leg(callSid)).status, PATIENCE)
        .not.toMatch(/queued|ringing|in-progress|initiated/);
      return leg(callSid);
    },
    callIn: async (script: Script & { readonly from?: string; readonly to?: string } = {}) =>
      (await stage.ask<{ callSid: string }>('POST', '/_stage/call-in', script)).callSid,
    assistant: (script: AssistantScript) => stage.ask('POST', '/_stage/watson/script', script),
    people: (scripts: Readonly<Record<string, Script>>) => stage.ask('POST', '/_stage/people', scripts),
    tasks,
    taskOf: (callSid: string) =>
      soon(async () => (await tasks()).find(({ attributes }) => attributes.call_sid === callSid), 'a task'),
    accept: (taskSid: string, script: Script = {}) => stage.ask('POST', '/_stage/flex/accept', { taskSid, ...script }),
    async wish(phone: string, more = {}) {
      const { token } = await stage.ask<{ token: string }>('POST', '/_stage/session', { sub: 'visitor-1' });
      const headers = { authorization: `Bearer ${token}`, origin: stage.url, 'content-type': 'application/json' };
      const post = async (body: object): Promise<WishAnswer> => {
        const answer = await stage.send('/click-to-call', { method: 'POST', headers, body: JSON.stringify(body) });
        return { httpStatus: answer.status, ...JSON.parse(await answer.text()) };
      };
      const answer = await post({ phone, ...more });
      const requestId = answer.requestId ?? Object(answer.error).requestId;
      return { answer, status: () => post({ requestId }) };
    },
    async nobodyWasLeftAlone() {
      const silences = (await legs()).map(({ party, longestSilenceSec }) => [party, longestSilenceSec] as const);
      expect(silences.filter(([, seconds]) => seconds > LONGEST_SILENCE_SEC)).toEqual([]);
    },
  });
}

/** What somebody heard, line by line. */
export function hears({ heard }: LegStory, lines: readonly (string | RegExp)[]): void {
  expect(heard.map(({ text }) => text)).toEqual(
    lines.map((line) => (typeof line === 'string' ? line : expect.stringMatching(line))),
  );
}

import { expect } from 'vitest';
import type { Env } from '../../shared/core/settings.ts';
import { type LegStory, type PhoneStage, phoneStage } from './phone-stage.ts';

const HELPDESK = '+15005550012';

/** What an agent sees of a call. */
export interface SeenByAgent {
  readonly reason?: string;
  readonly topic?: string;
  readonly fields?: Readonly<Record<string, string>>;
  readonly lines: readonly { readonly by: string; readonly text: string }[];
}

/** The phones of a stage whose helpdesk is called. */
export interface HelpdeskStage extends PhoneStage {
  /** Somebody calls the helpdesk and says this, prompt by prompt. Gives the SID of the call. */
  calls(...speaks: readonly string[]): Promise<string>;
  /** What has been said in a call until this was. */
  until(callSid: string, text: string | RegExp): Promise<readonly string[]>;
  /** Sees that nobody heard nothing for longer than 3 s in a call, and heard these words within 8 s of their own last. */
  isAnsweredInTime(callSid: string, text: string): Promise<void>;
  /** What an agent sees of a call that stands in line. */
  seenByAgent(callSid: string): Promise<SeenByAgent>;
}

const spoken = ({ heard }: LegStory) => heard.filter(({ by }) => by === 'line').map(({ text }) => text);

export function helpdeskStage(given: Env): HelpdeskStage {
  const stage = phoneStage(given);
  return Object.assign(stage, {
    calls: (...speaks: readonly string[]) => stage.callIn({ to: HELPDESK, speaks }),
    async until(callSid: string, text: string | RegExp) {
      const said = async () => spoken(await stage.leg(callSid));
      const place = async () =>
        (await said()).findIndex((line) => (typeof text === 'string' ? line === text : text.test(line)));
      await expect.poll(place, { timeout: 12_000 }).not.toBe(-1);
      return (await said()).slice(0, (await place()) + 1);
    },
    async isAnsweredInTime(callSid: string, text: string) {
      const { heard, longestSilenceSec, party } = await stage.leg(callSid);
      expect(longestSilenceSec).toBeLessThanOrEqual(3);
      const at = heard.findIndex((one) => one.text === text);
      const own = heard.slice(0, at).findLast(({ by }) => by === party);
      const saidSec = own ? own.atSec + own.forSec : 0;
      expect((heard[at]?.atSec ?? Number.POSITIVE_INFINITY) - saidSec).toBeLessThanOrEqual(8);
    },
    async seenByAgent(callSid: string) {
      const { attributes } = await stage.taskOf(callSid);
      const { pathname, search } = new URL(attributes.handoverUrl ?? '');
      const answer = await stage.send(`${pathname}${search}`, { headers: { accept: 'application/json' } });
      return JSON.parse(await answer.text());
    },
  });
}

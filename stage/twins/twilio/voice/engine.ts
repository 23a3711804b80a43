import type { Env } from '../../../../shared/core/settings.ts';
import type { StageClock } from '../../../clock.ts';
import type { SendWebhook } from '../../../webhooks.ts';
import type { TaskQueue } from '../flex/tasks.ts';
import type { FlowRunner } from '../studio/runner.ts';
import type { Leg } from './leg.ts';
import type { Party } from './party.ts';
import type { TwimlNode } from './twiml.ts';

/** A TwiML document and where it came from: its relative URLs are relative to that. */
export interface TwimlDocument {
  readonly url: string;
  readonly verbs: readonly TwimlNode[];
}

/** What the voice engine works with. */
export interface Engine {
  env(): Env;
  readonly clock: StageClock;
  readonly sendWebhook: SendWebhook;
  readonly flows: FlowRunner;
  readonly tasks: TaskQueue;
  /** Who answers at a phone number, SIP URI or client, on a leg of this SID from this number. */
  partyAt(address: string, leg: { readonly sid: string; readonly from: string }): Party;
  /** All legs that there were since the last reset, oldest first. */
  readonly legs: Leg[];
  /** Plays a document and whatever it leads to. Undefined: it came to its end, so whoever asked for it goes on. */
  play(leg: Leg, document: TwimlDocument): Promise<CallEnd | undefined>;
}

const MOST_LEGS = 2_000;

/** Notes a leg; of very many the oldest are forgotten. */
export function addLeg(engine: Engine, leg: Leg): void {
  engine.legs.push(leg);
  if (engine.legs.length > MOST_LEGS) engine.legs.shift();
}

/** How a document ends a call, or the stay of a call in a queue. */
export type CallEnd = 'hang-up' | 'leave';

/** What comes after a verb: the next verb when undefined, another document, or an end. */
export type AfterVerb = TwimlDocument | CallEnd | undefined;

export type PlayVerb = (engine: Engine, leg: Leg, verb: TwimlNode, document: TwimlDocument) => Promise<AfterVerb>;

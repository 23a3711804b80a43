import * as v from 'valibot';
import { agentLink } from '../callers/agent-link.ts';
import { agentLinkSettings } from '../callers/session-secret.ts';
import type { Clock } from '../clock.ts';
import type { Deadline } from '../deadline.ts';
import { type PublicUrls, publicUrls } from '../public-urls.ts';
import { optional, type SettingsOf, settings, together } from '../settings.ts';
import type { Table } from '../table.ts';
import { isOver } from './call-status.ts';
import { knownOfCaller } from './known-of-caller.ts';
import { textsIn } from './languages/index.ts';
import type { LegStep } from './leg-step.ts';
import { numbersOf, phoneDeskSettings } from './phone-desk.ts';
import { speakable } from './speech.ts';
import type { SendText } from './telephony.ts';

/** Longer than any request lives: who has claimed a text sends it or never will. */
const LEASE_MS = 60_000;
const KEEP_MS = 24 * 3_600_000;

export const agentTextChoice = settings({
  AGENT_TEXTS: optional(v.picklist(['on', 'off']), 'off', {
    is: 'on sends an agent whose phone is answered a text message with the link to the conversation',
  }),
});

export const agentTextSettings = together(publicUrls, phoneDeskSettings, agentLinkSettings, agentTextChoice);

interface TextParts {
  readonly table: Table;
  readonly sendText: SendText;
  readonly settings: SettingsOf<typeof agentTextSettings> & { readonly urls: PublicUrls };
  readonly clock: Clock;
  readonly deadline: Deadline;
}

/**
 * Sends the agent whose phone has just been answered the link to what is known of the caller: once for each leg, however
 * often that is told. The number is the setting's; the request only says which of them.
 */
export async function textAgent(
  { table, sendText, settings: own, clock, deadline }: TextParts,
  at: LegStep,
  legSid: string,
): Promise<'sent' | 'not sent' | 'unknown'> {
  const { SESSION_SECRET, TWILIO_PHONE_NUMBER: from, urls } = own;
  const to = numbersOf(own, at.queue)[at.agent];
  const isPossible = own.AGENT_TEXTS === 'on' && to !== undefined && from !== undefined;
  if (!isPossible || SESSION_SECRET === undefined || at.handover === undefined) return 'not sent';
  const { record, name, topic } = await knownOfCaller(at, (use) => use(table));
  if (record && isOver(record.status)) return 'not sent';
  const key = `agent-text#${at.handover}#${legSid}`;
  const claim = await table.once.claim(key, to, clock.nowMs(), LEASE_MS);
  if (claim.is !== 'mine') return 'not sent';
  const address = agentLink(urls, SESSION_SECRET, at.handover, clock.nowMs());
  const waiting = { name: speakable(name), topic: speakable(topic) };
  const sent = await sendText({ to, from, text: textsIn(at.language).textToAgent(waiting, address) }, deadline);
  // Not once more when it may have been sent: an agent with two texts wonders which is true.
  await table.once.finish(key, to, true, clock.nowMs(), KEEP_MS);
  if (sent.is === 'done') return 'sent';
  return sent.is === 'unknown' ? 'unknown' : 'not sent';
}

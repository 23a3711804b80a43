import { shortHash } from '../hash.ts';
import { inTime } from '../in-time.ts';
import type { Table } from '../table.ts';
import type { AgentProfile, ToBot } from './bot.ts';
import type { Desk, EndReason, HandoverRef } from './desk.ts';
import { isOf, type Place, placeOf } from './desk-place.ts';
import type { DeskEvent, DeskTold } from './desk-told.ts';
import { endLapsed } from './ending.ts';
import { clipped, type Line } from './line.ts';
import { type Owner, ownerOf } from './owner.ts';
import { ended, extended, isPaused, type OwnershipState, resumed, returnEvent } from './ownership.ts';
import { minutesLeft, pauseEndMs } from './pause.ts';
import { redactedEvent } from './redacted.ts';
import type { SideParts } from './side-parts.ts';
import { deskLineId, waitingLine } from './silent-desk.ts';
import { type BotPlatforms, wayToBot } from './to-bot.ts';
import { endLine, lostLine, refOf, wayToDesk } from './to-desk.ts';
import { showTyping } from './typing.ts';

const ANSWER_MS = 300;

/**
 * What became of it, a word for the log. `over`: of a handover that is over, so it changed nothing. `undelivered`: the
 * agent was told that the customer will not see it. `lost`: the bot's platform does not take who has it now. `unknown`: nobody
 * knows the handover.
 */
export type DeskHeard = 'done' | 'waiting' | 'undelivered' | 'lost' | 'over' | 'unknown';

interface DeskParts extends SideParts {
  readonly table: Pick<Table, 'states' | 'transcripts' | 'outbox' | 'once' | 'contexts' | 'reminders'>;
  readonly desk: Desk;
  readonly bots: BotPlatforms;
}

type State = OwnershipState | undefined;
type Of<K extends DeskEvent['kind']> = Extract<DeskEvent, { readonly kind: K }>;

const nameOf = (agent: AgentProfile | undefined): string => agent?.name ?? 'A person';

/** What happens at the desk in one handover. */
function handover(parts: DeskParts, { eventId, atMs }: DeskTold, place: Place) {
  const { table, lanes, clock, deadline, pauseMinutes } = parts;
  const { conversationId, handoverId, ticket, state } = place;
  const owner: Owner = ownerOf(conversationId, { ...table, clock, deadline }, ANSWER_MS);
  const delivery = { ...table, lanes, clock, deadline };
  const toDesk = wayToDesk({ ...delivery, desk: parts.desk });
  const tellLost = async (of: HandoverRef, lost: Line, marker?: Line): Promise<void> => {
    await toDesk.send(await toDesk.post(of, { kind: 'undelivered', line: lost }, marker));
  };
  const toBot = { ...delivery, bots: parts.bots, tellLost, usualReturnEvent: parts.usualReturnEvent };
  const show = wayToBot(toBot);
  const id = deskLineId(shortHash(eventId));
  const ref: HandoverRef = isOf(place, state)
    ? refOf(conversationId, state)
    : { handoverId, conversationId, ticket: ticket ?? handoverId };

  const happenedMs = (nowMs: number): number => Math.floor(Math.min(atMs ?? nowMs, nowMs));

  const lineOf = (by: Line['by'], text: string): Line => ({
    by,
    text: clipped(text),
    atMs: happenedMs(clock.nowMs()),
    id,
  });

  const keep = (line: Line): Promise<boolean> =>
    inTime(deadline, ANSWER_MS, table.transcripts.add(conversationId, line));

  /** The pause goes on, or begins again where it may. Undefined unless a person has the conversation in this handover. */
  async function goOn(mayResume: boolean): Promise<OwnershipState | undefined> {
    const slide = (found: State, nowMs: number) => {
      if (!found || !isOf(place, found)) return undefined;
      // From when it happened: what comes late or twice lengthens nothing.
      const endMs = pauseEndMs(happenedMs(nowMs), pauseMinutes);
      return extended(found, nowMs, endMs) ?? (mayResume ? resumed(found, nowMs, endMs) : undefined);
    };
    const { before, after } = await owner.change(slide, { state });
    const latest = after ?? before;
    return latest && isOf(place, latest) && isPaused(latest, clock.nowMs()) ? latest : undefined;
  }

  async function showing({ bot, seq }: OwnershipState, event: ToBot, line: Line): Promise<DeskHeard> {
    const { fate } = await show({ ...ref, bot, seq, event, line });
    if (fate === 'given-up') return event.kind === 'message' ? 'undelivered' : 'lost';
    return fate === 'delivered' ? 'done' : 'waiting';
  }

  /** Words that the customer has read, or written, where the desk's own conversation is: they are kept, nothing is sent. */
  async function wasRead(line: Line): Promise<DeskHeard> {
    const latest = await goOn(true);
    if (latest || isOf(place, state)) await keep(line);
    return latest ? 'done' : 'over';
  }

  async function says({ text, agent, isShown, by }: Of<'says'>): Promise<DeskHeard> {
    const line = lineOf(by ?? 'agent', text);
    if (isShown || (state.bot === 'web-chat' && isOf(place, state))) return wasRead(line);
    const latest = await goOn(false);
    // Nobody waits to hear what became of what nobody said.
    if (!latest && by === 'system') return 'over';
    if (!latest) {
      // Under the id of the words themselves: if they were taken before, this is the same event delivered again.
      await tellLost(ref, line, lostLine(line, id, clock.nowMs()));
      if (isOf(place, state)) await endLapsed(toBot, conversationId, state);
      return 'undelivered';
    }
    const minutesPaused = minutesLeft(latest.pausedUntilMs, clock.nowMs());
    return showing(latest, { kind: 'message', text: line.text, agent, minutesPaused }, line);
  }

  async function types({ agent }: Of<'types'>): Promise<DeskHeard> {
    const latest = await goOn(false);
    if (!latest) return 'over';
    const minutesPaused = minutesLeft(latest.pausedUntilMs, clock.nowMs());
    const event = { kind: 'typing', agent, minutesPaused } as const;
    await showTyping(delivery, parts.bots(latest.bot), ref, event, id);
    return 'done';
  }

  async function joined({ agent, agentId }: Of<'joined'>): Promise<DeskHeard> {
    const latest = await goOn(true);
    if (!latest) return 'over';
    const line = lineOf('system', `${nameOf(agent)} has the conversation`);
    if (agentId !== undefined)
      await inTime(deadline, ANSWER_MS, table.contexts.tell(handoverId, 'desk', { agent: agentId }, line.atMs));
    const minutesPaused = minutesLeft(latest.pausedUntilMs, clock.nowMs());
    return showing(latest, { kind: 'agent', agent, minutesPaused }, line);
  }

  async function noted(text: string): Promise<DeskHeard> {
    if (!(await goOn(false))) return 'over';
    await keep(lineOf('system', text));
    return 'done';
  }

  async function waits(): Promise<DeskHeard> {
    const isOpen = isOf(place, state) && state.mode !== 'bot';
    if (isOpen && parts.desk.speaksWithinMs !== undefined) await keep(waitingLine(handoverId, clock.nowMs()));
    return 'done';
  }

  async function ends(reason: EndReason, agent: AgentProfile | undefined): Promise<DeskHeard> {
    const botEvent = returnEvent(undefined, reason, parts.usualReturnEvent);
    const returned = { reason, botEvent };
    const end = (found: State) => (found && isOf(place, found) ? ended(found, handoverId, returned) : undefined);
    const { before, after } = await owner.change(end, { state });
    const latest = after ?? before;
    if (latest?.mode !== 'bot' || !isOf(place, latest)) return 'over';
    // Whoever is still opening it tells the bot.
    if (latest.owner === '') return after ? 'done' : 'over';
    // Told again if it ended before: perhaps that delivery broke off. The line by which it is known keeps it to once.
    const over: ToBot = { kind: 'ended', reason, agent, botEvent };
    return showing(latest, over, endLine(handoverId, reason, clock.nowMs()));
  }

  async function fails(): Promise<DeskHeard> {
    const over = { kind: 'ended', reason: 'failed' } as const;
    const isOpen = state.mode === 'human' && isOf(place, state);
    // Before the bot has it: whoever dies in between leaves it for whoever hears the same again.
    const posted = isOpen ? await toDesk.leave(ref, over) : await toDesk.left(ref, over);
    const heard = await ends('failed', undefined);
    await toDesk.send(posted);
    return heard;
  }

  return { wasRead, says, types, joined, noted, waits, ends, fails, lineOf };
}

/**
 * Does what a desk tells, once per event id, whatever is repeated and in whatever order it comes: words are shown and kept,
 * comings and goings noted, and an end gives the conversation back to the bot. An event of a handover that is over changes
 * nothing; an agent's words then are told back to the agent. Throws `state_unavailable`: tell it again.
 */
export async function hearDesk(parts: DeskParts, told: DeskTold): Promise<DeskHeard> {
  const place = await placeOf(parts, told);
  if (!place) return 'unknown';
  const event = redactedEvent(parts.redact, told.event);
  const side = handover(parts, told, place);
  switch (event.kind) {
    case 'says':
      return side.says(event);
    case 'customer':
      return side.wasRead(side.lineOf('customer', event.text));
    case 'types':
      return side.types(event);
    case 'joined':
      return side.joined(event);
    case 'left':
      return side.noted(`${nameOf(event.agent)} has left`);
    case 'transferring':
      return side.noted('The conversation is on its way to another person');
    case 'waiting':
      return side.waits();
    case 'ended':
      return side.ends(event.by, event.agent);
    case 'failed':
      return side.fails();
  }
}

import type { Once, Parcel, States, Transcripts } from '../table.ts';
import type { BotPlatform, ToBot } from './bot.ts';
import { deliverWaiting, type Sent } from './deliver-waiting.ts';
import { type DeliveryParts, deliver, type Fate, type SendParcel, type TellGivenUp } from './delivery.ts';
import type { HandoverRef } from './desk.ts';
import type { Line } from './line.ts';
import { NotTaken } from './not-taken.ts';
import { type Keyed, keepResult } from './only-once.ts';
import type { OwnershipState } from './ownership.ts';
import { postLine } from './post-line.ts';

/** The platforms by the name that the state keeps; undefined where nothing can be shown, as when an address is not set. */
export type BotPlatforms = (bot: string) => BotPlatform | undefined;

/** What the way to the customer needs. */
export interface BotParts extends DeliveryParts {
  readonly states: States;
  readonly transcripts: Transcripts;
  readonly once: Once;
  readonly bots: BotPlatforms;
  /**
   * Tells an agent what the customer will not see, before it leaves the outbox. Absent where the answer to the agent's own
   * request tells it.
   */
  readonly tellLost?: ((ref: HandoverRef, line: Line) => Promise<void>) | undefined;
}

/** What the customer is shown, and the line by which the transcript keeps it. */
export interface Shown {
  readonly conversationId: string;
  readonly handoverId: string;
  /** The desk's own id, where the conversation has one. */
  readonly ticket: string;
  readonly bot: string;
  /** The `seq` of the state that it follows from. */
  readonly seq: number;
  readonly event: ToBot;
  readonly line: Line;
  /** The desk's request, if it has a name: when the words are given up, that is what it is answered from then on. */
  readonly request?: Keyed | undefined;
}

/** What became of it, and the words of agents that nobody will try to show again. */
export interface ShownOutcome {
  readonly fate: Fate;
  readonly lost: readonly Line[];
}

/** Whether who has the conversation is still who the customer would be told: somebody else may have been faster. */
function isStillSo({ handoverId, event }: Shown, state: OwnershipState | undefined): boolean {
  if (event.kind === 'agent') return state?.mode === 'human' && state.handoverId === handoverId;
  return event.kind !== 'ended' || state === undefined || state.mode === 'bot';
}

const shownIn = (parcel: Parcel): Shown => JSON.parse(parcel.payload);

const isWords = ({ event }: Shown): boolean => event.kind === 'message';

/** How a parcel to the customer is sent, and who is told when it is given up. */
function sending(parts: BotParts) {
  const { states, transcripts, bots } = parts;

  const sendParcel: SendParcel = async (parcel, isOurs, deadline) => {
    const shown = shownIn(parcel);
    const { conversationId, handoverId, ticket, bot, event, line } = shown;
    if (!isOurs) await transcripts.add(conversationId, line);
    const platform = bots(bot);
    if (!platform) throw new NotTaken('refused', 'nothing can be shown on this platform');
    const isChange = event.kind === 'agent' || event.kind === 'ended';
    if (isChange && !isStillSo(shown, await states.read(conversationId))) return;
    await platform.show({ conversationId, handoverId, ticket }, event, parcel.eventId, deadline);
  };

  const tell: TellGivenUp = async (givenUp) => {
    for (const { request, line, conversationId, handoverId, ticket } of givenUp.map(shownIn).filter(isWords)) {
      if (request) await keepResult(parts, request, { delivered: false, lost: [line.text] }).catch(() => {});
      await parts.tellLost?.({ conversationId, handoverId, ticket }, line);
    }
  };

  return { sendParcel, tell };
}

/** Shows what waits for the customer of a conversation when nothing new has happened. */
export function showWaiting(parts: BotParts, conversationId: string): Promise<Sent> {
  const { sendParcel, tell } = sending(parts);
  return deliverWaiting(parts, { conversationId, to: 'bot' }, sendParcel, tell);
}

/** The way to the customer: written into the outbox, then shown by the bot's platform, in order, each line once. */
export function wayToBot(parts: BotParts) {
  const { sendParcel, tell } = sending(parts);

  /** Throws `state_unavailable` when it could not be written down. */
  return async function show(shown: Shown): Promise<ShownOutcome> {
    const draft = {
      conversationId: shown.conversationId,
      to: 'bot' as const,
      eventId: shown.line.id,
      payload: JSON.stringify(shown),
      seq: shown.seq,
    };
    // Whatever is shown takes the sign that somebody types away.
    parts.lanes.typing.delete(shown.conversationId);
    const posted = await postLine(parts, draft, shown.line);
    if (!posted) return { fate: 'delivered', lost: [] };
    const { fate, givenUp } = await deliver(parts, posted, sendParcel, tell);
    const lost = givenUp.map(shownIn).filter(isWords);
    return { fate, lost: lost.map(({ line }) => line) };
  };
}

import { randomUUID } from 'node:crypto';
import type { StageClock } from '../../clock.ts';
import type { FaultMode, Faults } from '../../faults.ts';
import type { Party, PickUp, Turn } from '../twilio/voice/party.ts';
import { type AssistantCall, type AssistantTurn, newCall } from './call.ts';
import type { AssistantScript } from './script.ts';
import { transferBy } from './transfer.ts';
import type { AssistantWebhooks } from './webhooks.ts';

const wantsPerson = (text: string) => /\b(person|human|agent|colleague|somebody)\b/i.test(text);
const saysGoodbye = (text: string) => /\b(bye|goodbye|that is all)\b/i.test(text);

const text = (words: string) => ({ response_type: 'text', text: words });

interface Decision {
  readonly generic: AssistantTurn['generic'];
  readonly turn: Turn;
}

interface AssistantParts {
  readonly script: AssistantScript;
  readonly faults: Faults;
  readonly clock: StageClock;
  readonly webhooks: AssistantWebhooks;
  /** Is told of a call when it begins. */
  answered(call: AssistantCall): void;
  /** Whether a call is still one of those that it answered: after a reset it is not. */
  knows(call: AssistantCall): boolean;
}

function pickUpOf({ answers = 'human', sipResponseCode }: AssistantScript, mode: FaultMode): PickUp {
  if (mode === 'hang') return { is: 'no-answer' };
  if (mode === '429') return { is: 'busy' };
  if (mode !== 'ok' && mode !== 'slow') return { is: 'failed' };
  return answers === 'human' ? { is: 'answered', by: 'human' } : { is: answers, sipResponseCode };
}

/** The assistant behind a SIP URI, as its phone integration sounds. */
export function assistantParty(
  uri: string,
  leg: { readonly sid: string; readonly from: string },
  { script, faults, clock, webhooks, ...told }: AssistantParts,
): Party {
  const call = newCall(uri, leg, clock.nowMs());
  let isOver = false;

  const says = (words: string, next: Turn['next'] = 'listen'): Decision => ({
    generic: [text(words)],
    turn: { says: words, next },
  });

  function handOver(): Decision {
    if (script.ends === 'stay') return says('I am all there is.');
    if (script.ends === 'drop') {
      call.endReason = 'assistant_hangup';
      return { generic: [], turn: { next: 'hang-up' } };
    }
    const { sessionHistoryKey, headers } = call;
    const { item, words, byHangingUp, ...transfer } = transferBy(
      script,
      sessionHistoryKey,
      headers['x-handover-id'] ?? '',
    );
    const generic = [item];
    call.endReason = 'assistant_transfer';
    if (byHangingUp) return { generic, turn: { says: words, next: 'hang-up' } };
    call.referTo = transfer.referTo;
    // Whoever refuses a REFER says so at once, and the assistant has the next word.
    return { generic, turn: { says: words, next: transfer.isRefused ? 'listen' : { referTo: call.referTo } } };
  }

  function decide(heard: string | undefined): Decision | undefined {
    if (call.referTo !== undefined) {
      call.referTo = undefined;
      const stays = script.onFailure !== 'bye';
      call.endReason = stays ? 'caller_hangup' : 'assistant_hangup';
      if (!stays) return says('The transfer did not work. Please try again later.', 'hang-up');
      return says('The transfer did not work. I am still here.');
    }
    if (call.turns.length === 0) return says('Hello, this is the assistant. How can I help?');
    if (heard === undefined) return undefined;
    if (wantsPerson(heard)) return handOver();
    if (!saysGoodbye(heard)) return says('I have noted that. Is there anything else?');
    call.endReason = 'assistant_hangup';
    return says('Goodbye.', 'hang-up');
  }

  return {
    name: 'assistant',
    async pickUp() {
      const pickUp = pickUpOf(script, faults.take('watson'));
      if (pickUp.is === 'answered') told.answered(call);
      return pickUp;
    },
    enter: async () => ({ is: 'nothing' }),
    async turn(heard) {
      const askedAtMs = clock.nowMs();
      const decision = decide(heard);
      if (!decision) return { next: 'listen' };
      const { generic, turn } = decision;
      const exchange = { logId: randomUUID(), said: heard ?? '', generic, askedAtMs, answeredAtMs: clock.nowMs() };
      call.turns.push(exchange);
      await webhooks.processed(call, exchange, script);
      webhooks.logged(call, exchange, script);
      return turn;
    },
    wakes: () => new Promise(() => {}),
    hangsUpAt: () => false,
    ended() {
      if (isOver) return;
      isOver = true;
      setImmediate(() => told.knows(call) && webhooks.ended(call, script));
    },
  };
}

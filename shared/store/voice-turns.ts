import * as v from 'valibot';
import { turnSchema, type VoiceTurn, type VoiceTurns } from '../core/voice-bot/voice-turns.ts';
import { beginningWith, type Items } from './items.ts';
import { type Key, keyOf, subjectOf, voiceCallPrefix, voicePartition } from './keys.ts';
import { jsonText } from './schemas.ts';

/** Twice as long as a call can be gone on with: no rule depends on it. */
const KEEP_MS = 2 * 3_600_000;

const schema = v.object({ turn: jsonText(turnSchema) });

function readTurn({ key, values }: { readonly key: Key; readonly values: unknown }): VoiceTurn | undefined {
  const subject = subjectOf(key);
  const parsed = v.safeParse(schema, values);
  if (subject?.kind !== 'voice-turn' || !parsed.success) return undefined;
  const { kind: _, turn, ...call } = subject;
  return { call, turn, ...parsed.output.turn };
}

/** What was said in voice calls with a bot: one item a turn, in the partition of its caller. */
export function openVoiceTurns(items: Items): VoiceTurns {
  const keyOfTurn = (call: VoiceTurn['call'], turn: number) => keyOf({ kind: 'voice-turn', ...call, turn });
  return {
    async around(call, turn) {
      const [from, to] = [Math.max(0, turn - 1), turn].map((one) => keyOfTurn(call, one).sk);
      const sk = { text: '#sk BETWEEN :from AND :to', values: { from, to } };
      const found = (await items.list({ pk: voicePartition(call.caller), sk })).map(readTurn);
      const [before, there] = [turn - 1, turn].map((sought) => found.find((one) => one?.turn === sought));
      return { ...(before && { before }), ...(there && { there }) };
    },

    async newest(caller) {
      for await (const page of items.pages({ pk: voicePartition(caller), isBackwards: true, pageSize: 1 }))
        return page.map(readTurn)[0];
      return undefined;
    },

    async put({ call, turn, ...kept }) {
      const key = keyOfTurn(call, turn);
      const attributes = { turn: JSON.stringify(kept) };
      const { there } = await items.putNew({ key, attributes, keepMs: KEEP_MS, schema });
      return { call, turn, ...(there?.turn ?? kept) };
    },

    async ofCall(call) {
      const sk = beginningWith(voiceCallPrefix(call));
      const found = await items.list({ pk: voicePartition(call.caller), sk });
      return found.map(readTurn).filter((turn) => turn !== undefined);
    },
  };
}

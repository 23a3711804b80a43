import type { BotCall, VoiceTurn, VoiceTurns } from '../../shared/core/voice-bot/voice-turns.ts';

const orderOf = ({ call, turn }: VoiceTurn): string =>
  `${String(call.atMs).padStart(13, '0')}#${call.callSid}#${String(turn).padStart(4, '0')}`;

/** The turns of voice calls, in memory. */
export function memoryVoiceTurns(): VoiceTurns {
  const all = new Map<string, VoiceTurn>();
  const keyOf = ({ caller, callSid, atMs }: BotCall, turn: number) => JSON.stringify([caller, callSid, atMs, turn]);
  const inOrder = (caller: string) =>
    [...all.values()].filter(({ call }) => call.caller === caller).sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1));
  return {
    async around(call, turn) {
      const [before, there] = [turn - 1, turn].map((one) => all.get(keyOf(call, one)));
      return { ...(before && { before }), ...(there && { there }) };
    },
    async newest(caller) {
      return inOrder(caller).at(-1);
    },
    async put(turn) {
      const key = keyOf(turn.call, turn.turn);
      const there = all.get(key);
      if (there) return there;
      const kept: VoiceTurn = JSON.parse(JSON.stringify(turn));
      all.set(key, kept);
      return kept;
    },
    async ofCall(call) {
      return inOrder(call.caller).filter((turn) => turn.call.callSid === call.callSid && turn.call.atMs === call.atMs);
    },
  };
}

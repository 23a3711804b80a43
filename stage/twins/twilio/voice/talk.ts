import { setImmediate as nextTick } from 'node:timers/promises';
import { hear, type Leg, LegOver, whileUp } from './leg.ts';

export type TalkEnd = { readonly is: 'hang-up'; readonly by: Leg } | { readonly is: 'refer'; readonly to: string };

/**
 * Two parties talk, in turns, the one who was called first. Resolves when one hangs up or `called` asks to hand the call
 * over; who has nothing to say listens, and while nobody has anything to say the line is open.
 */
export async function talk(caller: Leg, called: Leg): Promise<TalkEnd> {
  let speaker = called;
  let listener = caller;
  let heard: string | undefined;
  let silent = 0;
  for (;;) {
    // A party that always has something to say must not keep everybody else from doing anything.
    await nextTick();
    const turn = await whileUp([caller, called], speaker.party.turn(heard)).catch((error: unknown) => {
      if (error instanceof LegOver) return undefined;
      throw error;
    });
    if (!turn) return { is: 'hang-up', by: caller.over.aborted ? caller : called };
    heard = turn.says;
    silent = turn.says === undefined ? silent + 1 : 0;
    if (turn.says !== undefined) {
      const before = listener.seconds;
      hear(listener, speaker.party.name, turn.says);
      speaker.seconds += listener.seconds - before;
    }
    if (turn.next === 'hang-up') return { is: 'hang-up', by: speaker };
    if (turn.next !== 'listen') return { is: 'refer', to: turn.next.referTo };
    if (silent > 1) {
      const wakes = Promise.race([caller.party.wakes(), called.party.wakes()]);
      await whileUp([caller, called], wakes).catch(() => undefined);
    }
    [speaker, listener] = [listener, speaker];
  }
}

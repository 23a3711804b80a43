import { setImmediate as nextTick } from 'node:timers/promises';
import type { Engine } from './engine.ts';
import { type Leg, LegOver, whileUp } from './leg.ts';
import { hear, speak, speakFor, wasQuietSince } from './timeline.ts';

export type TalkEnd =
  | { readonly is: 'hang-up'; readonly by: Leg }
  | { readonly is: 'refer'; readonly to: string }
  | { readonly is: 'time-limit' };

/** Waits until one of the two has something to say, or the talk is as long as it may be; both are connected meanwhile. */
async function waitTogether({ clock }: Engine, caller: Leg, called: Leg, untilSec: number): Promise<void> {
  const sinceMs = clock.nowMs();
  const limit = clock.until(sinceMs + (untilSec - caller.seconds) * 1_000);
  await whileUp([caller, called], Promise.race([caller.party.wakes(), called.party.wakes(), limit])).catch(() => {});
  const seconds = Math.max(0, Math.floor((clock.nowMs() - sinceMs) / 1_000));
  for (const leg of [caller, called]) speakFor(leg, seconds);
}

/**
 * Two parties talk, in turns, the one who was called first. Resolves when one hangs up, `called` asks to hand the call over,
 * or the call of `caller` is `untilSec` old; who has nothing to say listens, and while nobody has, the line is open.
 */
export async function talk(engine: Engine, caller: Leg, called: Leg, untilSec: number): Promise<TalkEnd> {
  let speaker = called;
  let listener = caller;
  let heard: string | undefined;
  let silent = 0;
  for (;;) {
    // A party that always has something to say must not keep everybody else from doing anything.
    await nextTick();
    const askedMs = engine.clock.monotonicMs();
    const turn = await whileUp([caller, called], speaker.party.turn(heard)).catch((error: unknown) => {
      if (error instanceof LegOver) return undefined;
      throw error;
    });
    if (!turn) return { is: 'hang-up', by: caller.over.aborted ? caller : called };
    // Whoever thinks for long leaves the other in silence.
    for (const leg of [caller, called]) wasQuietSince(engine, leg, askedMs);
    heard = turn.says;
    silent = turn.says === undefined ? silent + 1 : 0;
    if (turn.says !== undefined) {
      hear(listener, speaker.party.name, turn.says);
      speak(speaker, turn.says);
    }
    if (turn.next === 'hang-up') return { is: 'hang-up', by: speaker };
    if (turn.next !== 'listen') return { is: 'refer', to: turn.next.referTo };
    if (silent > 1) await waitTogether(engine, caller, called, untilSec);
    if (caller.seconds >= untilSec) return { is: 'time-limit' };
    [speaker, listener] = [listener, speaker];
  }
}

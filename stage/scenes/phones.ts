import type { TwilioTwin } from '../twins/twilio/twin.ts';
import type { Leg } from '../twins/twilio/voice/leg.ts';
import { longestSilenceSec } from '../twins/twilio/voice/timeline.ts';
import { type Shown, seen, soon } from './scene.ts';

/** Nobody may be left in silence for longer. */
const LONGEST_SILENCE_SEC = 10;

/** What can be seen of the phones of a scene. */
export interface Phones {
  /** The last leg to a number. */
  legTo(number: string): Leg | undefined;
  /** Waits until somebody at this end of a leg hears something. */
  hears(leg: () => Leg | undefined, text: RegExp, what: string): Promise<Shown>;
  /** Everything that was heard on a leg, and when. */
  story(leg: Leg): readonly Shown[];
  /** Sees that no leg since the scene began was in silence for more than 10 s, and that Twilio had nothing to complain of. */
  nobodyWasLeftAlone(): readonly Shown[];
}

export function phonesOf({ legs }: TwilioTwin): Phones {
  const before = new Set(legs);
  const heardOn = (leg: Leg | undefined, text: RegExp) => leg?.heard.find((line) => text.test(line.text));
  return {
    legTo: (number) => legs.findLast(({ to }) => to === number),
    hears: (leg, text, what) => soon(() => heardOn(leg(), text), what),
    story: ({ heard }) =>
      heard
        // What repeats in line is told once.
        .filter(({ text }, index) => index < 2 || text !== heard[index - 2]?.text)
        .map(({ by, text, atSec }) => ({ by, text: `${String(Math.floor(atSec)).padStart(3)} s  ${text}` })),
    nobodyWasLeftAlone() {
      const own = legs.filter((leg) => !before.has(leg));
      const longest = Math.max(0, ...own.map(longestSilenceSec));
      seen(longest <= LONGEST_SILENCE_SEC, `nobody in silence for more than 10 s, but somebody was for ${longest} s`);
      const [alert] = own.flatMap(({ alerts }) => alerts);
      seen(alert === undefined, `no alert, but there is ${alert?.code}: ${alert?.says}`);
      return [{ by: 'twilio', text: `${own.length} legs, the longest silence ${longest} s, no alert` }];
    },
  };
}

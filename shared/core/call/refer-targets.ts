import * as v from 'valibot';
import { optional, settings, words } from '../settings.ts';
import { isPhoneNumber } from './phone-number.ts';
import { uriIn } from './refer-target.ts';
import { type Verb, verb } from './twiml.ts';

/** Somewhere that the assistant may have a call dialled. */
export interface ReferTarget {
  /** What makes two spellings the same target. */
  readonly address: string;
  /** What is put into the `<Dial>`: the words of the setting, never those of a REFER. */
  readonly noun: Verb;
}

/**
 * What a `tel:` or `sip:` URI addresses, without parameters and headers: `tel:+15005550006`, `sip:user@host:5060` with the
 * host in lower case. Undefined for everything else.
 */
function addressOf(uri: string): string | undefined {
  const number = /^tel:([^;?]*)/i.exec(uri)?.[1]?.replace(/[-.() ]/g, '');
  if (isPhoneNumber(number)) return `tel:${number}`;
  const sip = /^sip:([^\s@:;?<>"]{1,128})@([A-Za-z0-9.-]{1,253})(:\d{1,5})?(?=[;?]|$)/i.exec(uri);
  return sip ? `sip:${sip[1]}@${sip[2]?.toLowerCase()}${sip[3] ?? ''}` : undefined;
}

const target = v.pipe(
  v.string(),
  v.regex(/^[!-~]{1,400}$/),
  v.rawTransform(({ dataset, addIssue, NEVER }): ReferTarget => {
    const address = addressOf(dataset.value);
    if (address === undefined) {
      addIssue({ message: 'neither tel: nor sip:' });
      return NEVER;
    }
    const isNumber = address.startsWith('tel:');
    const noun = isNumber ? verb('Number', {}, address.slice('tel:'.length)) : verb('Sip', {}, dataset.value);
    return { address, noun };
  }),
);

/** `REFER_TARGETS`. */
export const referTargets = settings({
  REFER_TARGETS: optional(v.pipe(words, v.array(target), v.readonly()), [], {
    is: '`tel:` and `sip:` targets that a transfer of the assistant may really dial, separated by spaces',
    example: 'tel:+15005550008 sip:desk@pbx.example.com',
  }),
});

/** The listed target that a transfer is to; undefined for every other, which is not dialled. */
export function listedTarget(listed: readonly ReferTarget[], to: string | undefined): ReferTarget | undefined {
  const address = to === undefined ? undefined : addressOf(uriIn(to));
  return address === undefined ? undefined : listed.find((target) => target.address === address);
}

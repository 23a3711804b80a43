import { sameSecret } from '../../../core/callers/secrets.ts';
import { inTurn, mayWorkLater } from '../away.ts';
import type { Form, State } from '../state.ts';
import { type FormVisit, type Step, toPerson, withChanged } from '../step.ts';
import { words } from '../words-en.ts';
import { evened } from './evened.ts';
import { mayCheck } from './limits.ts';

/** So often a code or a PIN may be wrong. */
const MAX_WRONG = 3;

type Proof = NonNullable<Form['proof']>;

/** Whose code or PIN it is; undefined when it is wrong, whatever the reason. */
async function ownerOf(visit: FormVisit, { way }: Proof, keys: string): Promise<State['verified']> {
  const { parts, turn, form } = visit;
  const email = form.values.email ?? '';
  if (way === 'code') {
    const { mobile, sysId, name } = form.found ?? {};
    const asked = mobile === undefined ? undefined : parts.codes?.check(mobile, keys, turn.deadline);
    const outcome = await evened(turn.deadline, Promise.resolve(asked));
    // Only an address that is on file has a code to be checked, so a fault must not sound like one.
    if (outcome === 'unavailable') turn.note({ verify: 'unavailable' });
    return outcome === 'right' && sysId !== undefined ? { email, sysId, name, by: 'code' } : undefined;
  }
  const user = await parts.incidents?.userByEmail(email, turn.deadline);
  const isRight = sameSecret(keys, user?.pin ?? '');
  return isRight && user ? { email, sysId: user.sysId, name: user.name, by: 'PIN' } : undefined;
}

/**
 * Holds what was entered against the code that was sent or the PIN on file. What is entered is kept nowhere, so this is done
 * in the turn in which it is heard. For an address that is nobody's everything is wrong, after as long and in as many tries.
 */
export async function checked(visit: FormVisit, keys: string): Promise<Step> {
  const { state, form } = visit;
  const proof = form.proof;
  if (!proof) return { state };
  const now = (changed: Partial<Proof>): State => withChanged(state, { ...form, proof: { ...proof, ...changed } });
  try {
    if (!(await mayCheck(visit))) return toPerson(state, 'not verified', words.noTickets);
    const verified = await inTurn(visit.turn.deadline, ownerOf(visit, proof, keys));
    if (verified) return { state: { ...state, verified } };
  } catch (error) {
    if (!mayWorkLater(error) || proof.faults > 0)
      return toPerson(state, 'the address could not be looked up', words.away);
    return { state: now({ faults: proof.faults + 1 }), says: [words.notChecked] };
  }
  const wrong = proof.wrong + 1;
  return {
    state: now({ wrong, isOver: wrong >= MAX_WRONG }),
    says: [proof.way === 'code' ? words.wrongCode : words.wrongPin],
  };
}

import { emailSlot } from '../slots/email.ts';
import { foundSlot } from '../slots/found.ts';
import { proofSlot } from '../slots/proof.ts';
import { type FormKind, goingOn } from '../step.ts';
import { words } from '../words-en.ts';
import { ended } from './ended.ts';

/** Reads out the newest tickets of a caller, once it is sure whose they are. */
export const statusForm: FormKind = {
  is: 'status',
  slots: ({ parts }) => (parts.incidents ? [emailSlot, foundSlot, proofSlot] : [emailSlot]),
  done(visit) {
    const { email = '' } = visit.form.values;
    if (visit.parts.incidents) return goingOn(visit.state, 'list', words.found);
    return ended(visit, words.madeUp, words.mostRecent(email, visit.form.unsaid.email));
  },
};

import { cutAtWord } from '../../../core/cut-at-word.ts';
import { confirmSlot, detailsOf } from '../slots/confirm.ts';
import { emailSlot } from '../slots/email.ts';
import { foundSlot } from '../slots/found.ts';
import { freeText } from '../slots/free-text.ts';
import { prioritySlot } from '../slots/priority.ts';
import { type FormKind, type FormVisit, filled, goingOn, type Step, withChanged } from '../step.ts';
import { words } from '../words-en.ts';
import { ended } from './ended.ts';

/** As much of a description is a title. */
const TITLE_LENGTH = 80;

const withoutDescription = (visit: FormVisit): Step => ({
  ...filled(visit, 'description', ''),
  says: [words.noDescription],
});

/** Who gives no title gets the beginning of the description: one of the last call is read out as little as that. */
function titleFromDescription({ state, form }: FormVisit): Step {
  const { description = '' } = form.values;
  if (description === '') return { state, says: [words.needsTitle], isUnderstood: false };
  const values = { ...form.values, title: cutAtWord(description, TITLE_LENGTH) };
  const { description: from } = form.unsaid;
  return { state: withChanged(state, { ...form, values, unsaid: { ...form.unsaid, ...(from && { title: from }) } }) };
}

/** Opens an incident. */
export const openForm: FormKind = {
  is: 'open',
  slots: ({ parts }) => [
    emailSlot,
    ...(parts.incidents ? [foundSlot] : []),
    prioritySlot,
    freeText('description', words.askDescription, 1_000, withoutDescription),
    freeText('title', words.askTitle, 160, titleFromDescription),
    confirmSlot,
  ],
  done(visit) {
    const { parts, state, form } = visit;
    if (form.values.confirm !== 'yes') return ended(visit, words.cancelled);
    if (parts.incidents) return goingOn(state, 'open', words.oneMoment);
    return ended(visit, words.wouldOpen, ...detailsOf(visit));
  },
};

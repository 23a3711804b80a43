import type { Visit } from '../parts.ts';
import type { Form, FormName } from '../state.ts';
import type { FormKind, FormVisit, Question, Slot, Step } from '../step.ts';
import { words } from '../words-en.ts';
import { openForm } from './open.ts';
import { statusForm } from './status.ts';
import { transferForm } from './transfer.ts';

const forms: Readonly<Record<FormName, FormKind>> = { open: openForm, status: statusForm, transfer: transferForm };

/** The turn as the form sees it that is on. */
export const inForm = (visit: Visit, form: Form): FormVisit => ({ ...visit, form });

/** What the form that is on asks for; undefined where it has all. */
function openSlot(visit: FormVisit): Slot | undefined {
  const isFilled = (slot: Slot) => slot.isFilled?.(visit) ?? visit.form.values[slot.name] !== undefined;
  return forms[visit.form.is].slots(visit).find((slot) => !isFilled(slot));
}

/** What the form makes of what was heard. Undefined where it is no answer to its question. */
export const readAnswer = async (visit: FormVisit): Promise<Step | undefined> => openSlot(visit)?.read(visit);

/** Goes on to the next question of the form that is on, doing whatever comes before. */
export function settled(visit: Visit, step: Step): Step {
  const { form } = step.state;
  if (step.next || !form) return step;
  const now = inForm({ ...visit, state: step.state }, form);
  const slot = openSlot(now);
  const next = slot ? slot.prepare?.(now) : forms[form.is].done(now);
  if (!next) return step;
  return settled(visit, { ...step, ...next, says: [...(step.says ?? []), ...(next.says ?? [])] });
}

/** The question that is open: without a form the caller may say anything. */
export function openQuestion(visit: Visit): Question {
  const { form } = visit.state;
  const now = form && inForm(visit, form);
  const slot = now && openSlot(now);
  return slot ? slot.question(now) : { says: [], listens: { for: 'words', hints: words.hints } };
}

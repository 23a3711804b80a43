import { withoutForm } from '../state.ts';
import type { FormVisit, Step } from '../step.ts';
import { words } from '../words-en.ts';

/** A form has come to its end: its address may be used again, and a form that was left for it is still there. */
export function ended({ state, form }: FormVisit, ...says: readonly string[]): Step {
  const address = form.values.email;
  const unsaid = form.unsaid.email;
  const lastEmail = address ? { address, unsaid } : state.lastEmail;
  const isLeft = state.kept.some(({ is }) => is === 'open');
  return {
    state: { ...withoutForm(state), lastEmail, asksElse: true },
    says: [...says, words.anythingElse, ...(isLeft ? [words.goOnWith] : [])],
  };
}

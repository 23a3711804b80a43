import { chosenIn, saidIn, yesOrNoIn } from '../heard.ts';
import type { Visit } from '../parts.ts';
import { withoutForm } from '../state.ts';
import { type FormKind, filled, type Slot } from '../step.ts';
import { isUndecided } from '../undecided.ts';
import { words } from '../words-en.ts';

const choicesOf = ({ parts }: Visit) => parts.bots.map(({ title, url }) => ({ title, value: url }));

const botSlot: Slot = {
  name: 'bot',
  question: (visit) => ({ says: [words.bots], choices: choicesOf(visit) }),
  read(visit) {
    const choices = choicesOf(visit);
    const said = saidIn(visit)?.toLowerCase();
    const isRefused = said !== undefined && /\b(?:not|never|\w+n['’]t)\b/.test(said);
    const named = isRefused ? undefined : choices.find(({ title }) => said?.includes(title.toLowerCase()));
    const url = chosenIn(visit, choices) ?? named?.value;
    if (url !== undefined) return filled(visit, 'bot', url);
    return yesOrNoIn(visit) === 'no' || isUndecided(said ?? '')
      ? { state: withoutForm(visit.state), says: [words.whatElse] }
      : undefined;
  },
};

/** Gives the call to another bot. */
export const transferForm: FormKind = {
  is: 'transfer',
  slots: () => [botSlot],
  done: ({ state, form }) => ({
    state: withoutForm(state),
    says: [words.transferring],
    next: { bot: { is: 'rasa-host', url: form.values.bot ?? '' } },
  }),
};

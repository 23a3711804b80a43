import { yesNo, yesOrNoIn } from '../heard.ts';
import { type FormVisit, filled, type Slot } from '../step.ts';
import { words } from '../words-en.ts';

const names: Readonly<Record<string, string>> = { description: 'problem description' };

/** What is known of the incident, in the order in which it was asked for. What was said in another call is not read out. */
export const detailsOf = ({ form: { values, unsaid } }: FormVisit): readonly string[] =>
  ['email', 'description', 'title', 'priority'].map((name) =>
    words.detail(names[name] ?? name, values[name] ?? '', unsaid[name]),
  );

export const confirmSlot: Slot = {
  name: 'confirm',
  question: (visit) => ({ says: [words.shouldIOpen, ...detailsOf(visit)], choices: yesNo, listens: { for: 'key' } }),
  read(visit) {
    const answer = yesOrNoIn(visit);
    return answer && filled(visit, 'confirm', answer);
  },
};

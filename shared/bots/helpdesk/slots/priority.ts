import { defaultPriority, priorities } from '../forms/incident.ts';
import { chosenIn, intentIn, saidIn } from '../heard.ts';
import { filled, type Slot } from '../step.ts';
import { isUndecided } from '../undecided.ts';
import { words } from '../words-en.ts';

const choices = priorities.map((title) => ({ title, value: title }));

/** As much of a wrong answer is read back. */
const READ_BACK_LENGTH = 40;

export const prioritySlot: Slot = {
  name: 'priority',
  question: () => ({ says: [words.askPriority], choices, listens: { for: 'key' } }),
  read(visit) {
    const said = saidIn(visit);
    if (said !== undefined && isUndecided(said))
      return { ...filled(visit, 'priority', defaultPriority), says: [words.byDefault(defaultPriority)] };
    const bySaid = said === undefined ? undefined : visit.parts.understanding.priorityIn(said);
    const priority = chosenIn(visit, choices) ?? bySaid;
    if (priority !== undefined) return filled(visit, 'priority', priority);
    if (said === undefined || intentIn(visit) !== undefined) return undefined;
    return {
      state: visit.state,
      says: [words.badPriority(said.slice(0, READ_BACK_LENGTH))],
      isUnderstood: false,
    };
  },
};

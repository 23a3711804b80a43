import { goingOn, type Slot } from '../step.ts';
import { words } from '../words-en.ts';

/** Whose the address is. Nobody is asked: it is looked up, and what follows is the same whether it is anybody's or not. */
export const foundSlot: Slot = {
  name: 'found',
  isFilled: ({ form }) => form.found !== undefined || form.values.email === '',
  prepare: ({ state }) => goingOn(state, 'identify', words.oneMoment),
  question: () => ({ says: [] }),
  read: () => undefined,
};

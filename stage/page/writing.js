/** What somebody can write, the customer as well as the agent: a line to fill in, and some that a click says. */

import { button } from './dom.js';

const TYPES_EVERY_MS = 3_000;

/** Calls `send` with what is written and `types` now and then while somebody writes. */
export function writing(form, { send, types }) {
  const field = form.querySelector('input');
  let typedMs = -TYPES_EVERY_MS;
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const text = field.value;
    if (text.trim() === '') return;
    field.value = '';
    typedMs = -TYPES_EVERY_MS;
    void send(text);
  });
  field.addEventListener('input', () => {
    if (performance.now() - typedMs < TYPES_EVERY_MS) return;
    typedMs = performance.now();
    void types();
  });
}

/** Offers sentences that a click says. */
export function offer(group, sentences, send) {
  const offered = [...group.children].map(({ textContent }) => textContent);
  if (JSON.stringify(offered) === JSON.stringify(sentences)) return;
  group.replaceChildren(...sentences.map((text) => button(text, 'chip-button', () => void send(text))));
}

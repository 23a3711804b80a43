/** A conversation as it is shown on either side. */

import { element } from './dom.js';

const keyOf = ({ by, name, text }) => JSON.stringify([by, name, text]);

/** Two letters for somebody: no picture is ever fetched. */
const initials = (name) =>
  name
    .split(/\s+/)
    .map((word) => [...word][0] ?? '')
    .slice(0, 2)
    .join('')
    .toUpperCase();

function makeLine({ by, name, text, atMs }, mine) {
  const line = element('div', '', `line ${by} ${by === mine ? 'mine' : ''}`);
  line.dataset.key = keyOf({ by, name, text });
  if (by === 'system') {
    line.append(element('span', text, 'text'));
    return line;
  }
  const picture = element('span', initials(name), 'picture');
  picture.setAttribute('aria-hidden', 'true');
  const head = element('span', '', 'head');
  head.append(element('b', name));
  if (atMs) head.append(element('time', new Date(atMs).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })));
  const bubble = element('span', '', 'bubble');
  bubble.append(head, element('span', text, 'text'));
  line.append(picture, bubble);
  return line;
}

/** Shows lines in a list: what is there already stays, so that only what is new is read out. */
export function showLines(list, lines, mine) {
  const there = [...list.children];
  let same = 0;
  while (same < there.length && same < lines.length && there[same].dataset.key === keyOf(lines[same])) same += 1;
  if (same === there.length && same === lines.length) return;
  for (const old of there.slice(same)) old.remove();
  list.append(...lines.slice(same).map((line) => makeLine(line, mine)));
  list.scrollTop = list.scrollHeight;
}

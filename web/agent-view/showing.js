/** How the page of a handover shows what it is told: as text, never as markup. */

import { clone, codeInWords, data, find, say, showTime } from './dom.js';

export function makeLine({ by, text, atMs, id }) {
  const made = clone('line');
  made.classList.add(by);
  made.dataset.id = id;
  made.querySelector('.by').textContent = data.words.by[by];
  made.querySelector('.text').textContent = text.replaceAll('\0', '\uFFFD');
  showTime(made.querySelector('.when'), atMs);
  return made;
}

function makeRow(name, label, value) {
  const made = clone('row');
  made.dataset.row = name;
  made.querySelector('dt').textContent = label;
  const shown = made.querySelector('dd');
  if (!data.timeRows.includes(name)) shown.textContent = value;
  else showTime(shown.appendChild(document.createElement('span')), value);
  return made;
}

/** The line as it is shown, or shown anew: an id may have gone over to another that was said earlier and came later. */
function elementFor(line, known) {
  const made = makeLine(line);
  const isSame = known?.querySelector('.text').textContent === made.querySelector('.text').textContent;
  if (!known || isSame) return known ?? made;
  known.replaceWith(made);
  return made;
}

/**
 * Puts lines where they belong: those that are there stay, the order is that of the answer. What the answer would have and
 * has not is gone: another account of the same words has taken its place. When so much came at once that there is a gap,
 * it begins anew.
 */
export function showLines({ lines, next: before }) {
  const list = find('lines');
  const there = new Map([...list.children].map((line) => [line.dataset.id, line]));
  const hasGap = there.size > 0 && !lines.some(({ id }) => there.has(id));
  if (hasGap) list.replaceChildren();
  let following = null;
  for (const line of [...lines].reverse()) {
    const element = elementFor(line, there.get(line.id));
    if (!element.isConnected || (following && element.nextElementSibling !== following)) {
      list.insertBefore(element, following);
    }
    following = element;
  }
  const ids = new Set(lines.map(({ id }) => id));
  const shown = [...list.children];
  const answered = before === undefined ? shown : shown.slice(shown.indexOf(following));
  for (const element of answered) if (!ids.has(element.dataset.id)) element.remove();
  const added = lines.filter(({ id }) => !there.has(id)).length;
  find('nothing-said').hidden = list.childElementCount > 0;
  return { added, hasGap };
}

/** Rebuilt only when something in them is new, so that what somebody has marked stays marked. */
function showRows(id, rows) {
  const said = JSON.stringify(rows);
  if (find(id).dataset.said === said) return;
  find(id).replaceChildren(...rows.map(([name, label, value]) => makeRow(name, label, value)));
  find(id).dataset.said = said;
}

const fieldRows = (fields) => Object.entries(fields).map(([name, value]) => ['field', name, value]);

function showKnown(view) {
  const shown = { ...view, outcome: codeInWords(data.words.outcomes, view.outcome) };
  const rows = [...data.textRows, ...data.timeRows, 'handoverId']
    .filter((name) => shown[name] !== undefined)
    .map((name) => [name, data.words.rows[name], shown[name]]);
  showRows('known', [...rows, ...fieldRows(view.fields)]);
  showRows('drafted', fieldRows(view.draft ?? {}));
  find('draft').hidden = view.draft === undefined;
}

export function showHead(view) {
  const { label, help } = data.words.standings[view.state];
  say(find('state'), label);
  find('state').dataset.state = view.state;
  say(find('help'), help);
  say(find('who'), view.name ?? data.words.someone);
  say(find('why'), codeInWords(data.words.reasons, view.reason ?? data.words.noReason));
  showKnown(view);
}

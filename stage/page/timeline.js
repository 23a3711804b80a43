/** The requests between the parts, drawn as they happen. */

import { element, find } from './dom.js';
import { ask, onEvent } from './stage.js';
import { described } from './words.js';

const MOST_SHOWN = 300;
const MOST_OF_BEFORE = 80;
/** Whoever reads further up is not taken away from there. */
const NEAR_END_PX = 60;

const lanes = { agent: 3, desk: 3, genesys: 3, servicenow: 3, twilio: 4, dynamodb: 5, schedule: 2 };
const FUNCTIONS = 2;
/** Bots, and what customers have in front of them. */
const BOT = 1;

const list = find('events');
const rows = new Map();

const isAtEnd = () => list.scrollHeight - list.scrollTop - list.clientHeight < NEAR_END_PX;

function showEnd() {
  list.scrollTop = list.scrollHeight;
  find('newest').hidden = true;
}

function readable(headers, body) {
  let words = body;
  if (/^[{[]/.test(body)) {
    try {
      words = JSON.stringify(JSON.parse(body), undefined, 2);
    } catch {
      words = body;
    }
  } else if (headers['content-type']?.startsWith('application/x-www-form-urlencoded')) {
    words = [...new URLSearchParams(body)].map(([name, value]) => `${name} = ${value}`).join('\n');
  }
  return words;
}

/** Everything about a request, made when somebody wants to see it. */
function detailsOf({ method, url, headers, body, status, answer, fault, handoverId, conversationId }) {
  const named = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const about = [
    ...(handoverId ? [`handover ${handoverId}`] : []),
    ...(conversationId ? [`conversation ${conversationId}`] : []),
    ...(fault ? [`planned fault: ${fault}`] : []),
  ];
  const parts = [
    [`${method} ${url}`, `${named.join('\n')}\n\n${readable(headers, body)}`.trim()],
    [`answered ${status === 0 ? 'with nothing' : status}`, readable({}, answer ?? '')],
  ];
  const made = element('div', '', 'request');
  if (about.length > 0) made.append(element('p', about.join(' · '), 'refs'));
  for (const [title, text] of parts) {
    made.append(element('p', title, 'request-title'));
    if (text === '') continue;
    const whole = element('pre', text);
    whole.tabIndex = 0;
    made.append(whole);
  }
  return made;
}

function arrowOf({ vendor, direction }) {
  const partner = lanes[vendor] ?? BOT;
  const arrow = element('span', '', `arrow ${direction}`);
  arrow.dataset.from = String(direction === 'in' ? partner : FUNCTIONS);
  arrow.dataset.to = String(direction === 'in' ? FUNCTIONS : partner);
  arrow.setAttribute('aria-hidden', 'true');
  return arrow;
}

function makeRow() {
  const row = element('li');
  const details = element('details');
  details.append(element('summary'));
  details.addEventListener('toggle', () => {
    details.querySelector('.request')?.remove();
    if (details.open) details.append(detailsOf(row.event));
  });
  row.append(details);
  return row;
}

function fill(row, event) {
  row.event = event;
  const { who, says, outcome, tone } = described(event);
  const time = element('time', new Date(event.atMs).toLocaleTimeString([], { hour12: false }));
  const label = element('span', '', 'label');
  label.append(element('b', who), ` ${says}`);
  const chip = element('span', outcome, `chip ${tone}`);
  const mark = event.fault ? [element('span', `fault: ${event.fault}`, 'chip fault')] : [];
  const details = row.firstElementChild;
  details.firstElementChild.replaceChildren(time, label, ...mark, chip, arrowOf(event));
  if (details.open) {
    details.querySelector('.request')?.remove();
    details.append(detailsOf(event));
  }
  row.className = `${event.vendor === 'dynamodb' ? 'of-table' : ''} ${event.fault ? 'faulty' : ''}`;
}

function showEvent(event) {
  const known = rows.get(event.id);
  if (known) {
    // What came before may have been listed while it was open, and be heard of as over before the list is here.
    if (event.isOver || !known.event.isOver) fill(known, event);
    return undefined;
  }
  if (event.vendor === 'dynamodb' && !find('show-table').checked) return undefined;
  const wasAtEnd = isAtEnd();
  const row = makeRow();
  rows.set(event.id, row);
  fill(row, event);
  list.append(row);
  if (list.childElementCount > MOST_SHOWN) {
    rows.delete(list.firstElementChild.event.id);
    list.firstElementChild.remove();
  }
  find('no-events').hidden = true;
  if (wasAtEnd) showEnd();
  else find('newest').hidden = false;
  return undefined;
}

/** Empties the list. */
export function forget() {
  rows.clear();
  list.replaceChildren();
  find('no-events').hidden = false;
  find('newest').hidden = true;
}

/** Shows what happens and, once that is heard, what has happened before: so nothing is missed in between. */
export async function showTimeline(isHeard) {
  onEvent(showEvent);
  find('newest').addEventListener('click', showEnd);
  list.addEventListener('scroll', () => {
    if (isAtEnd()) find('newest').hidden = true;
  });
  find('show-table').addEventListener('change', ({ target }) => {
    list.closest('.pane').classList.toggle('with-table', target.checked);
  });
  find('clear').addEventListener('click', async () => {
    await ask('DELETE', '/_stage/events');
    forget();
  });
  await isHeard;
  const before = await ask('GET', '/_stage/events');
  for (const event of before.filter(({ vendor }) => vendor !== 'dynamodb').slice(-MOST_OF_BEFORE)) showEvent(event);
  showEnd();
}

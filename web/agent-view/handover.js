/** What runs in the page of a handover: asks for what is new, shows it as text, copies it. */

const POLL_MS = 2_500;
const HIDDEN_POLL_MS = 15_000;
const LONGEST_PAUSE_MS = 30_000;
const ANSWER_MS = 10_000;

const find = (id) => document.getElementById(id);
const { handoverId, token, words, textRows, timeRows, next: firstNext } = JSON.parse(find('data').textContent);

let next = firstNext;
let etag;
let pauseMs = POLL_MS;
let timer;
let isLooking = false;

const isToday = (date) => date.toDateString() === new Date().toDateString();

/** A time in the agent's own time zone; with the day when it was another one. */
function showTime(element, atMs) {
  const date = new Date(atMs);
  const day = isToday(date) ? {} : { day: 'numeric', month: 'short' };
  element.dataset.at = String(atMs);
  element.textContent = date.toLocaleString([], { ...day, hour: '2-digit', minute: '2-digit' });
}

function clone(id) {
  return find(id).content.firstElementChild.cloneNode(true);
}

function makeLine({ by, text, atMs, id }) {
  const made = clone('line');
  made.classList.add(by);
  made.dataset.id = id;
  made.querySelector('.by').textContent = words.by[by];
  made.querySelector('.text').textContent = text.replaceAll('\0', '\uFFFD');
  showTime(made.querySelector('.when'), atMs);
  return made;
}

function makeRow(name, label, value) {
  const made = clone('row');
  made.dataset.row = name;
  made.querySelector('dt').textContent = label;
  const shown = made.querySelector('dd');
  if (!timeRows.includes(name)) shown.textContent = value;
  else showTime(shown.appendChild(document.createElement('span')), value);
  return made;
}

function startAgain(before) {
  find('lines').replaceChildren();
  next = before;
  find('earlier').hidden = next === undefined;
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
 * has not is gone: another account of the same words has taken its place.
 */
function showLines({ lines, next: before }) {
  const list = find('lines');
  const there = new Map([...list.children].map((line) => [line.dataset.id, line]));
  // So much came at once that there is a gap.
  if (there.size > 0 && !lines.some(({ id }) => there.has(id))) startAgain(before);
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
  return added;
}

/** Rebuilt only when something in them is new, so that what somebody has marked stays marked. */
function showKnown(view) {
  const rows = [...textRows, ...timeRows, 'handoverId']
    .filter((name) => view[name] !== undefined)
    .map((name) => [name, words.rows[name], view[name]]);
  for (const [name, value] of Object.entries(view.fields)) rows.push(['field', name, value]);
  const said = JSON.stringify(rows);
  if (find('known').dataset.said === said) return;
  find('known').replaceChildren(...rows.map(([name, label, value]) => makeRow(name, label, value)));
  find('known').dataset.said = said;
}

function say(id, text) {
  if (find(id).textContent !== text) find(id).textContent = text;
}

function showHead(view) {
  const { label, help } = words.standings[view.state];
  say('state', label);
  find('state').dataset.state = view.state;
  say('help', help);
  say('who', view.name ?? words.someone);
  say('why', view.reason ?? words.noReason);
  showKnown(view);
}

const isAtEnd = () => window.innerHeight + window.scrollY >= document.documentElement.scrollHeight - 80;

function showEnd() {
  window.scrollTo(0, document.documentElement.scrollHeight);
  find('newest').hidden = true;
}

async function ask(before) {
  const query = new URLSearchParams({ handoverId, ...(before && { before }) });
  const headers = { accept: 'application/json', authorization: `Bearer ${token}` };
  if (!before && etag) headers['if-none-match'] = etag;
  const answer = await fetch(`${location.pathname}?${query}`, {
    headers,
    cache: 'no-store',
    signal: AbortSignal.timeout(ANSWER_MS),
  });
  if (answer.status === 304) return undefined;
  if (!answer.ok) throw Object.assign(new Error('refused'), { status: answer.status });
  if (!before) etag = answer.headers.get('etag') ?? undefined;
  return answer.json();
}

async function look() {
  isLooking = true;
  try {
    const view = await ask();
    if (view) {
      const wasAtEnd = isAtEnd();
      showHead(view);
      const added = showLines(view);
      if (added > 0 && wasAtEnd && window.scrollY > 0) showEnd();
      else if (added > 0) find('newest').hidden = isAtEnd();
    }
    say('note', '');
    pauseMs = document.hidden ? HIDDEN_POLL_MS : POLL_MS;
  } catch (error) {
    if ([401, 403, 404].includes(error.status)) return say('note', words.tooOld);
    say('note', words.offline);
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
  } finally {
    isLooking = false;
  }
  timer = setTimeout(look, pauseMs);
}

async function showEarlier() {
  find('earlier').disabled = true;
  try {
    const before = next;
    const view = await ask(before);
    if (before !== next) return;
    const below = document.documentElement.scrollHeight - window.scrollY;
    const list = find('lines');
    list.prepend(...view.lines.map(makeLine));
    next = view.next;
    window.scrollTo(0, document.documentElement.scrollHeight - below);
    list.firstElementChild?.scrollIntoView({ block: 'nearest' });
  } catch {
    say('note', words.offline);
  } finally {
    find('earlier').disabled = false;
    find('earlier').hidden = next === undefined;
  }
}

function summary() {
  const rows = [...find('known').children].map(
    (row) => `${row.querySelector('dt').textContent}: ${row.querySelector('dd').textContent}`,
  );
  const lines = [...find('lines').children].map(
    (line) =>
      `${line.querySelector('.when').textContent} ${line.querySelector('.by').textContent}: ${line.querySelector('.text').textContent}`,
  );
  return [find('who').textContent, find('why').textContent, ...rows, '', ...lines].join('\n');
}

/** The old way to copy, which a frame may use where the new one is not let. */
function copyBySelection(text) {
  const area = document.createElement('textarea');
  area.value = text;
  document.body.append(area);
  area.select();
  const isCopied = document.execCommand('copy');
  area.remove();
  return isCopied;
}

async function copy(text, button) {
  let isCopied = true;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    isCopied = copyBySelection(text);
    button.focus();
  }
  say('note', isCopied ? words.copied : words.notCopied);
}

// A desk that shows another task meanwhile comes back with the link of before.
try {
  sessionStorage.setItem(`handover ${handoverId}`, token);
} catch {
  // A browser may keep frames from having anything of their own: then the page has to be opened from the desk again.
}
// What was said comes first where there is little room.
find('advice').open = matchMedia('(min-width: 56rem)').matches;
for (const element of document.querySelectorAll('[data-at]')) showTime(element, Number(element.dataset.at));
find('earlier').hidden = next === undefined;
find('earlier').addEventListener('click', showEarlier);
find('newest').addEventListener('click', showEnd);
find('copy-summary').addEventListener('click', ({ target }) => copy(summary(), target));
find('copy-id').addEventListener('click', ({ target }) => copy(handoverId, target));
addEventListener('scroll', () => {
  if (isAtEnd()) find('newest').hidden = true;
});
document.addEventListener('visibilitychange', () => {
  // Whoever looks already goes on looking: two would never end.
  if (document.hidden || isLooking) return;
  clearTimeout(timer);
  void look();
});
timer = setTimeout(look, POLL_MS);

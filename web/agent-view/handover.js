/** What runs in the page of a handover: asks for what is new, and shows it. */

import { copy, summary } from './copying.js';
import { data, find, say, showTimes } from './dom.js';
import { makeLine, showHead, showLines } from './showing.js';

const POLL_MS = 2_500;
const HIDDEN_POLL_MS = 15_000;
const LONGEST_PAUSE_MS = 30_000;
const ANSWER_MS = 10_000;

const { handoverId, token, words } = data;

let next = data.next;
let etag;
let pauseMs = POLL_MS;
let timer;
let isLooking = false;

const isAtEnd = () => window.innerHeight + window.scrollY >= document.documentElement.scrollHeight - 80;

function showEnd() {
  window.scrollTo(0, document.documentElement.scrollHeight);
  find('newest').hidden = true;
}

/** Says where the lines before those are that are shown. */
function startAt(cursor) {
  next = cursor;
  find('earlier').hidden = next === undefined;
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
      const { added, hasGap } = showLines(view);
      if (hasGap) startAt(view.next);
      if (added > 0 && wasAtEnd && window.scrollY > 0) showEnd();
      else if (added > 0) find('newest').hidden = isAtEnd();
    }
    say(find('note'), '');
    pauseMs = document.hidden ? HIDDEN_POLL_MS : POLL_MS;
  } catch (error) {
    if ([401, 403, 404].includes(error.status)) return say(find('note'), words.tooOld);
    say(find('note'), words.offline);
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
    startAt(view.next);
    window.scrollTo(0, document.documentElement.scrollHeight - below);
    list.firstElementChild?.scrollIntoView({ block: 'nearest' });
  } catch {
    say(find('note'), words.offline);
  } finally {
    find('earlier').disabled = false;
  }
}

// A desk that shows another task meanwhile comes back with the link of before.
try {
  sessionStorage.setItem(`handover ${handoverId}`, token);
} catch {
  // A browser may keep frames from having anything of their own: then the page has to be opened from the desk again.
}
// What was said comes first where there is little room.
find('advice').open = matchMedia('(min-width: 56rem)').matches;
showTimes();
startAt(next);
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

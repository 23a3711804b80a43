/** What runs in the list of open handovers: asks for it anew, and shows it as text. */

import { clone, codeInWords, data, find, say, showTime, showTimes } from './dom.js';

const POLL_MS = 5_000;
const LONGEST_PAUSE_MS = 60_000;
const ANSWER_MS = 10_000;

const { agent, until, token, words } = data;

let pauseMs = POLL_MS;

/** The same element for the same handover, so that the focus stays where it is. */
function fill(element, { handoverId, name, state, kind, openedAtMs, reason, topic, url }) {
  element.dataset.id = handoverId;
  element.querySelector('a').href = url;
  const texts = {
    '.name': name ?? words.someone,
    '.state': words.standings[state].label,
    '.kind': words.list[kind],
    '.why': codeInWords(words.reasons, reason ?? topic ?? ''),
  };
  for (const [selector, text] of Object.entries(texts)) say(element.querySelector(selector), text);
  element.querySelector('.state').dataset.state = state;
  showTime(element.querySelector('.when'), openedAtMs);
  return element;
}

function show(handovers) {
  const list = find('open');
  const there = new Map([...list.children].map((element) => [element.dataset.id, element]));
  const wanted = handovers.map((one) => fill(there.get(one.handoverId) ?? clone('item'), one));
  for (const element of [...list.children]) if (!wanted.includes(element)) element.remove();
  wanted.forEach((element, at) => {
    if (list.children[at] !== element) list.insertBefore(element, list.children[at] ?? null);
  });
  find('none').hidden = handovers.length > 0;
}

async function look() {
  try {
    const answer = await fetch(`${location.pathname}?${new URLSearchParams({ agent, until })}`, {
      headers: { accept: 'application/json', authorization: `Bearer ${token}` },
      cache: 'no-store',
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    if ([401, 403].includes(answer.status)) {
      say(find('note'), words.tooOld);
      return;
    }
    if (!answer.ok) throw new Error('refused');
    show((await answer.json()).handovers);
    say(find('note'), '');
    pauseMs = POLL_MS;
  } catch {
    say(find('note'), words.offline);
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
  }
  setTimeout(look, pauseMs);
}

showTimes();
setTimeout(look, POLL_MS);

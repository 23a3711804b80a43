/** What runs in the list of open handovers: asks for it anew, and shows it as text. */

const POLL_MS = 5_000;
const LONGEST_PAUSE_MS = 60_000;
const ANSWER_MS = 10_000;

const find = (id) => document.getElementById(id);
const { agent, until, token, words } = JSON.parse(find('data').textContent);

let pauseMs = POLL_MS;

function showTime(element, atMs) {
  element.textContent = new Date(atMs).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
}

/** The same element for the same handover, so that the focus stays where it is. */
function fill(element, { handoverId, name, state, kind, openedAtMs, reason, topic, url }) {
  element.dataset.id = handoverId;
  element.querySelector('a').href = url;
  const texts = {
    '.name': name ?? words.someone,
    '.state': words.standings[state].label,
    '.kind': words.list[kind],
    '.why': reason ?? topic ?? '',
  };
  for (const [selector, text] of Object.entries(texts)) {
    const part = element.querySelector(selector);
    if (part.textContent !== text) part.textContent = text;
  }
  element.querySelector('.state').dataset.state = state;
  showTime(element.querySelector('.when'), openedAtMs);
  return element;
}

function show(handovers) {
  const list = find('open');
  const there = new Map([...list.children].map((element) => [element.dataset.id, element]));
  const made = () => find('item').content.firstElementChild.cloneNode(true);
  const wanted = handovers.map((one) => fill(there.get(one.handoverId) ?? made(), one));
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
      find('note').textContent = words.tooOld;
      return;
    }
    if (!answer.ok) throw new Error('refused');
    show((await answer.json()).handovers);
    find('note').textContent = '';
    pauseMs = POLL_MS;
  } catch {
    find('note').textContent = words.offline;
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
  }
  setTimeout(look, pauseMs);
}

for (const element of document.querySelectorAll('[data-at]')) showTime(element, Number(element.dataset.at));
setTimeout(look, POLL_MS);

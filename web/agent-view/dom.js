/** What all scripts of the agent's pages use. */

export const find = (id) => document.getElementById(id);

/** What the page holds for its script. */
export const data = JSON.parse(find('data')?.textContent ?? '{}');

/** Says something where it is not said already, so that nobody hears it twice. */
export function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** A time in the agent's own time zone; with the day when it was another one. */
export function showTime(element, atMs) {
  const date = new Date(atMs);
  const isToday = date.toDateString() === new Date().toDateString();
  const day = isToday ? {} : { day: 'numeric', month: 'short' };
  element.dataset.at = String(atMs);
  element.textContent = date.toLocaleString([], { ...day, hour: '2-digit', minute: '2-digit' });
}

/** The times that came with the page. */
export function showTimes() {
  for (const element of document.querySelectorAll('[data-at]')) showTime(element, Number(element.dataset.at));
}

/** An empty one of what the page has a template for. */
export const clone = (id) => find(id).content.firstElementChild.cloneNode(true);

/** A code of ours in words; whatever is no such code has words of its own already. */
export const codeInWords = (words, given) => (Object.hasOwn(words, given) ? words[given] : given);

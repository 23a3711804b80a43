/** An element of the page by its id. */
export const find = (id) => document.getElementById(id);

/** An element with text, never with markup: what is shown comes from requests. */
export function element(name, text = '', className = '') {
  const made = document.createElement(name);
  made.textContent = text;
  if (className) made.className = className;
  return made;
}

/** A button that does something. */
export function button(text, className, does) {
  const made = element('button', text, className);
  made.type = 'button';
  made.addEventListener('click', does);
  return made;
}

/** Says something where it is not said already, so that nobody hears it twice. */
export function say(at, text) {
  if (at.textContent !== text) at.textContent = text;
}

/** An element with text of which what stands between backticks is code. */
export function withCode(name, text) {
  const made = element(name);
  for (const [index, words] of text.split('`').entries()) {
    made.append(index % 2 === 1 ? element('code', words) : words);
  }
  return made;
}

/** Words as they are shown: of the address of a piece of music its last part is enough. */
export const shown = (words) => words.replace(/\(plays https?:\S*\/(\S+)\)/g, '(plays $1)');

/** An element of the page by its id. */
export const find = (id) => document.getElementById(id);

/** An element with text, never with markup: what is shown comes from requests. */
export function element(name, text = '', className = '') {
  const made = document.createElement(name);
  made.textContent = text;
  if (className) made.className = className;
  return made;
}

/** The same, with what stands between backticks as code. */
export function withCode(name, text) {
  const made = element(name);
  for (const [index, words] of text.split('`').entries()) {
    made.append(index % 2 === 1 ? element('code', words) : words);
  }
  return made;
}

/** Words as they are shown: of the address of a piece of music its last part is enough. */
export const shown = (words) => words.replace(/\(plays https?:\S*\/(\S+)\)/g, '(plays $1)');

/** One of the stage's own requests. Resolves to its answer; rejects when it is refused. */
export async function ask(method, path, input) {
  const answer = await fetch(path, { method, ...(input && { body: JSON.stringify(input) }) });
  const value = await answer.json();
  if (!answer.ok) throw new Error(value.error?.message ?? `answered ${answer.status}`);
  return value;
}

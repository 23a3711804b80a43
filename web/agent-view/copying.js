/** How the page of a handover copies what it shows. */

import { data, find, say } from './dom.js';

const rowsOf = (id) =>
  [...find(id).children].map((row) => `${row.querySelector('dt').textContent}: ${row.querySelector('dd').textContent}`);

export function summary() {
  const drafted = find('draft').hidden ? [] : ['', `${data.words.draft}:`, ...rowsOf('drafted')];

  const lines = [...find('lines').children].map(
    (line) =>
      `${line.querySelector('.when').textContent} ${line.querySelector('.by').textContent}: ${line.querySelector('.text').textContent}`,
  );
  return [find('who').textContent, find('why').textContent, ...rowsOf('known'), ...drafted, '', ...lines].join('\n');
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

export async function copy(text, button) {
  let isCopied = true;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    isCopied = copyBySelection(text);
    button.focus();
  }
  say(find('note'), isCopied ? data.words.copied : data.words.notCopied);
}

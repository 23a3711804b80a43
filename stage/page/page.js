/** What runs in the page of the stage: plays scenes, shows requests as they happen, moves clock and faults. */

import { showCallsSoon } from './calls.js';
import { ask, element, find, withCode } from './dom.js';
import { play } from './scenes.js';
import { follow, forget } from './traffic.js';

let offsetMs;

async function readClock() {
  const { nowMs } = await ask('GET', '/_stage/clock');
  offsetMs = nowMs - Date.now();
}

function showClock() {
  if (offsetMs === undefined) return;
  find('clock').textContent = new Date(Date.now() + offsetMs).toISOString().slice(11, 19);
}

async function say(doing, words) {
  try {
    await doing;
    find('said').textContent = words;
  } catch (error) {
    find('said').textContent = error.message;
  }
}

async function showFunctions() {
  const functions = await ask('GET', '/_stage/functions');
  find('function-count').textContent = String(functions.length);
  for (const { name, purpose, calledBy } of functions) {
    const address = element('td');
    address.append(element('code', `/${name}`));
    const row = element('tr');
    row.append(address, withCode('td', purpose), withCode('td', calledBy));
    find('functions').append(row);
  }
}

async function fillFaults() {
  const { vendors, modes } = await ask('GET', '/_stage/faults');
  for (const vendor of vendors) find('vendor').append(element('option', vendor));
  for (const mode of modes) find('mode').append(element('option', mode));
}

for (const button of document.querySelectorAll('[data-scene]')) {
  button.addEventListener('click', () => play(button.dataset.scene));
}
for (const button of document.querySelectorAll('[data-advance]')) {
  const advanceMs = Number(button.dataset.advance);
  button.addEventListener('click', async () => {
    await say(ask('POST', '/_stage/clock', { advanceMs }), `The clock went on by ${advanceMs / 60_000} min.`);
    await readClock();
    showCallsSoon();
  });
}
find('fault').addEventListener('submit', (event) => {
  event.preventDefault();
  const vendor = find('vendor').value;
  const mode = find('mode').value;
  void say(ask('POST', '/_stage/faults', { vendor, mode }), `${vendor} answers: ${mode}.`);
});
find('clear').addEventListener('click', async () => {
  await say(ask('DELETE', '/_stage/events'), 'The list is empty.');
  forget();
});
find('reset').addEventListener('click', async () => {
  await say(ask('POST', '/_stage/reset'), 'Table, twins, clock and faults are as at the start.');
  forget();
  showCallsSoon();
  await readClock();
});

follow(showCallsSoon);
showCallsSoon();
setInterval(showClock, 500);
await Promise.all([showFunctions(), fillFaults(), readClock()]);
showClock();

/** Faults, the clock and a fresh start. */

import { button, element, find, say } from './dom.js';
import { ask, nowMs, readClock } from './stage.js';
import { vendorNames } from './words.js';

const OWN = { internal: 'our own code', dynamodb: 'the table', desk: 'the desk', bot: 'the bot' };

const nameOf = (vendor) => OWN[vendor] ?? vendorNames[vendor] ?? vendor;

async function tell(doing, words) {
  try {
    await doing;
    say(find('said'), words);
  } catch (error) {
    say(find('said'), error.message);
  }
}

async function showPlanned() {
  const { planned } = await ask('GET', '/_stage/faults');
  const items = Object.entries(planned).map(([vendor, mode]) => {
    const item = element('li');
    const end = button(`${nameOf(vendor)}: ${mode}`, 'planned', () => plan(vendor, 'ok'));
    end.append(element('span', ' ✕'));
    end.setAttribute('aria-label', `${nameOf(vendor)} answers ${mode}; let all be well again`);
    item.append(end);
    return item;
  });
  find('planned').replaceChildren(...items);
}

async function plan(vendor, mode) {
  await tell(ask('POST', '/_stage/faults', { vendor, mode }), `${nameOf(vendor)} answers: ${mode}.`);
  await showPlanned();
}

async function fillFaults() {
  const { vendors, modes } = await ask('GET', '/_stage/faults');
  for (const vendor of vendors) {
    const option = element('option', nameOf(vendor));
    option.value = vendor;
    find('vendor').append(option);
  }
  for (const mode of modes) find('mode').append(element('option', mode));
  find('mode').value = '503';
  await showPlanned();
}

function showClock() {
  say(find('clock'), new Date(nowMs()).toLocaleTimeString([], { hour12: false }));
}

/** Calls `moved` when the clock is another one, and `fresh` when all is as at the start. */
export async function useControls({ moved, fresh }) {
  for (const one of document.querySelectorAll('[data-advance]')) {
    const advanceMs = Number(one.dataset.advance);
    one.addEventListener('click', async () => {
      await tell(ask('POST', '/_stage/clock', { advanceMs }), `The clock went on by ${advanceMs / 60_000} min.`);
      await readClock();
      showClock();
      moved();
    });
  }
  find('fault').addEventListener('submit', (event) => {
    event.preventDefault();
    void plan(find('vendor').value, find('mode').value);
  });
  find('reset').addEventListener('click', async () => {
    await tell(ask('POST', '/_stage/reset'), 'Table, twins, clock and faults are as at the start.');
    await Promise.all([readClock(), showPlanned()]);
    showClock();
    fresh();
  });
  setInterval(showClock, 500);
  await Promise.all([fillFaults(), readClock()]);
  showClock();
}

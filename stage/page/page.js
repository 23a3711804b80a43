/** What runs in the page of the stage: plays scenes, shows requests as they happen, moves clock and faults. */

const MOST_SHOWN = 200;
/** A step at a time, so that one can follow. */
const STEP_MS = 350;

const find = (id) => document.getElementById(id);

/** An element with text, never with markup: what is shown comes from requests. */
function element(name, text = '', className = '') {
  const made = document.createElement(name);
  made.textContent = text;
  if (className) made.className = className;
  return made;
}

/** The same, with what stands between backticks as code. */
function withCode(name, text) {
  const made = element(name);
  for (const [index, words] of text.split('`').entries()) {
    made.append(index % 2 === 1 ? element('code', words) : words);
  }
  return made;
}

async function ask(method, path, input) {
  const answer = await fetch(path, { method, ...(input && { body: JSON.stringify(input) }) });
  const value = await answer.json();
  if (!answer.ok) throw new Error(value.error?.message ?? `answered ${answer.status}`);
  return value;
}

const lanes = {
  customer: ['customer', 'caller', 'system'],
  bot: ['bot', 'assistant', 'studio', 'twilio', 'line'],
};

const laneOf = (by) => Object.keys(lanes).find((lane) => lanes[lane].includes(by)) ?? 'desk';

function showStep({ title, shown, ok, missing }) {
  const step = element('li', '', ok ? '' : 'failed');
  step.append(element('div', title, 'step-title'));
  if (missing) step.append(element('p', `Not seen: ${missing}`, 'missing'));
  const lines = element('div', '', 'shown');
  let last;
  for (const { by, text } of shown) {
    if (by !== last) {
      lines.append(element('p', '', laneOf(by)));
      lines.lastElementChild.append(element('small', by));
    }
    lines.lastElementChild.append(element('span', text.trim()));
    last = by;
  }
  step.append(lines);
  find('steps').append(step);
  step.scrollIntoView({ block: 'nearest' });
}

function showReport(report, steps) {
  const state = find('scene-state');
  if (report.steps) {
    find('scene-title').textContent = report.title;
    state.textContent = 'playing …';
  } else if (report.step) {
    showStep(report);
    state.textContent = `step ${report.step} of ${steps}`;
  } else if (report.done) {
    state.textContent = report.ok ? `all ${steps} steps seen` : 'a step was not seen';
    state.className = report.ok ? 'good' : 'bad';
  }
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function play(scene) {
  const buttons = document.querySelectorAll('[data-scene]');
  for (const button of buttons) button.disabled = true;
  find('scene').hidden = false;
  find('scene-hint').hidden = true;
  find('scene-state').className = '';
  find('steps').replaceChildren();
  let steps = 0;
  try {
    const answer = await fetch('/_stage/play', { method: 'POST', body: JSON.stringify({ scene }) });
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let rest = ''; ; ) {
      const { done, value } = await reader.read();
      if (done) break;
      const lines = (rest + value).split('\n');
      rest = lines.pop();
      for (const line of lines.filter((text) => text !== '')) {
        const report = JSON.parse(line);
        steps = report.steps ?? steps;
        showReport(report, steps);
        if (report.step) await pause(STEP_MS);
      }
    }
  } catch (error) {
    find('scene-state').textContent = `the stage does not answer: ${error.message}`;
    find('scene-state').className = 'bad';
  } finally {
    for (const button of buttons) button.disabled = false;
  }
}

function readable({ headers, body }) {
  const named = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  let words = body;
  if (body.startsWith('{')) {
    try {
      words = JSON.stringify(JSON.parse(body), undefined, 2);
    } catch {
      words = body;
    }
  } else if (headers['content-type']?.startsWith('application/x-www-form-urlencoded')) {
    words = [...new URLSearchParams(body)].map(([name, value]) => `${name} = ${value}`).join('\n');
  }
  return `${named.join('\n')}\n\n${words}`.trim();
}

function showEvent(event) {
  if (event.vendor === 'dynamodb' && !find('show-table').checked) return;
  const { pathname, host } = new URL(event.url);
  const what = event.headers['x-amz-target']?.split('.').at(-1) ?? pathname;
  const summary = element('summary');
  const status = event.status === 0 ? '…' : String(event.status);
  summary.append(
    element('span', event.direction === 'out' ? '→' : '←', 'arrow'),
    element('span', event.vendor, 'vendor'),
    element('span', `${event.method} ${what}`, 'where'),
    element('span', status, `status ${event.status >= 200 && event.status < 300 ? 'good' : 'bad'}`),
  );
  summary.title = `${event.direction === 'out' ? 'to' : 'from'} ${event.vendor}: ${event.method} ${host}${pathname}`;
  const details = element('details');
  details.append(summary, element('pre', readable(event)));
  const item = element('li');
  item.append(details);
  find('events').prepend(item);
  if (find('events').childElementCount > MOST_SHOWN) find('events').lastElementChild.remove();
  find('no-events').hidden = true;
}

let counted = 0;

function follow() {
  const live = new EventSource('/_stage/live');
  live.addEventListener('message', ({ data }) => {
    counted += 1;
    find('event-count').textContent = String(counted);
    showEvent(JSON.parse(data));
  });
}

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

function forget() {
  counted = 0;
  find('event-count').textContent = '0';
  find('events').replaceChildren();
  find('no-events').hidden = false;
}

for (const button of document.querySelectorAll('[data-scene]')) {
  button.addEventListener('click', () => play(button.dataset.scene));
}
for (const button of document.querySelectorAll('[data-advance]')) {
  const advanceMs = Number(button.dataset.advance);
  button.addEventListener('click', async () => {
    await say(ask('POST', '/_stage/clock', { advanceMs }), `The clock went on by ${advanceMs / 60_000} min.`);
    await readClock();
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
  await readClock();
});

follow();
setInterval(showClock, 500);
await Promise.all([showFunctions(), fillFaults(), readClock()]);
showClock();

import { element, find, shown as words } from './dom.js';

/** So that one can follow. */
const STEP_MS = 350;

const lanes = {
  customer: ['customer', 'caller', 'system'],
  bot: ['bot', 'assistant', 'studio', 'twilio', 'line', 'schedule'],
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
    lines.lastElementChild.append(element('span', words(text.trim())));
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

/** Plays a scene and shows what everybody sees, a step at a time. */
export async function play(scene) {
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

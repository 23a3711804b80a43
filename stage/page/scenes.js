import { button, element, find, shown as words } from './dom.js';

/** So that one can follow. */
const STEP_MS = 350;

/** What the scenes are about; one that is not here is offered by its name. */
const about = {
  phone: ['By phone', 'Caller → Studio → assistant by SIP → REFER → queue → Flex agent'],
  'assistant-down': ['Assistant down', 'Busy, no answer, SIP error, hang-up → a person who knows why'],
  'click-to-call': ['Chat to call', 'Chat → customer’s phone rings → agent accepts by key → they talk'],
  'nobody-there': ['Nobody there', 'Five minutes in line → message, written down → agents’ list'],
  'call-back': ['Call-back', 'No agent answers → call-back by key → the clock goes on → connected'],
  botcopy: ['By chat', 'Customer → Botcopy bot → desk, agent answers → bot again'],
  webchat: ['Web chat', 'Web chat → Flex task → agent accepts, writes, ends → assistant again'],
  transfer: ['Transfer', 'Flex agent → another → nobody for a while → a third, who sees everything'],
  'nobody-online': ['Nobody online', 'No agent at Flex → known before anybody is promised; who waits in vain is told'],
  'watson-chat': ['Watson chat', 'Watson asks before each message → person → Watson again'],
  helpdesk: ['Helpdesk', 'Words and keys → address read back → priority → incident at ServiceNow'],
  'helpdesk-status': ['Tickets', 'Known by number → tickets, newest first; anybody else → code by text first'],
  'helpdesk-agent': ['Helpdesk to agent', 'Asks for a person in the middle → agent has words, facts and the incident'],
  'helpdesk-offline': ['Helpdesk offline', 'ServiceNow hangs → apology, person; line breaks → call back goes on'],
  'desk-down': ['Desk down', 'The desk fails → the bot is told why; in the middle → the words wait, in order and once'],
};

const lanes = {
  customer: ['customer', 'caller', 'visitor', 'system', 'phone'],
  bot: ['bot', 'assistant', 'helpdesk', 'studio', 'twilio', 'line', 'schedule'],
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

/** Offers the scenes of the stage, to be played by a click. */
export function offerScenes(names) {
  const cards = names.map((name) => {
    const [title, path] = about[name] ?? [name, ''];
    const card = button('', '', () => play(name));
    card.dataset.scene = name;
    card.append(element('strong', title), element('span', path));
    return card;
  });
  find('scenes').replaceChildren(...cards);
}

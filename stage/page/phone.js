/** The customer's phone: a call to the helpdesk, in words or by keys, and the text messages that come to it. */

import { button, element, find, say, shown } from './dom.js';
import { showLines } from './lines.js';
import { ask, inAMoment, onEvent } from './stage.js';
import { offer, writing } from './writing.js';

/** The mobile phone of Abraham Lincoln, whom the twin of ServiceNow has on file. */
const OWN = '+15005550121';
const KEPT = 'handover stage call';
/** Who calls, by what the network says of them. */
const callers = {
  own: { from: OWN },
  unproven: { from: OWN, stirVerstat: '' },
  withheld: { from: '+266696687' },
};
const KEYS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#'];
/** Whoever presses no other key so long has pressed all. */
const LAST_KEY_MS = 1_200;
const LOOK_EVERY_MS = 1_000;

const toBeginWith = ['I cannot log in to my email', 'What is the status of my ticket?', 'Agent'];
const toGoOnWith = ['Yes', 'No', 'Agent'];
const over = ['completed', 'busy', 'failed', 'no-answer', 'canceled'];

const HINT =
  'You are abraham.lincoln@example.com. Call, and type what the helpdesk understands of what you say, or press keys.';

let helpdesk = '';
let callSid = sessionStorage.getItem(KEPT) ?? '';
let pressed = '';
let lastKey;

const time = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds) % 60).padStart(2, '0')}`;

const waitsFor = { keys: 'It waits for keys', speech: 'It listens', either: 'It listens', message: 'Your message' };

function stateOf(leg) {
  if (!leg) return 'No call';
  if (!over.includes(leg.status)) return leg.asks ? waitsFor[leg.asks] : 'Connected';
  return `Over after ${time(leg.seconds)}`;
}

/** Everything that was said, in the order of the call: what they heard, and what they said themselves. */
function linesOf({ heard, said, party }) {
  return [...heard, ...said]
    .sort((a, b) => a.atSec - b.atSec)
    .map(({ by, text }) => {
      if (by === party) return { by: 'customer', name: 'You', text };
      if (by !== 'line') return { by: 'agent', name: by, text };
      return text.startsWith('(')
        ? { by: 'system', name: '', text: shown(text) }
        : { by: 'bot', name: 'Helpdesk', text };
    });
}

/** The keys that the last words name, each with what it stands for. */
function choicesIn({ heard }) {
  const { text = '', by } = heard.at(-1) ?? {};
  if (by !== 'line') return [];
  return [...text.matchAll(/(?:For|Für) ([^.]+?),? (?:press|drücken Sie die) (\d)\./g)].map(
    ([, title, key]) => `${key} ${title}`,
  );
}

function showTexts(texts) {
  const own = texts.filter(({ to }) => to === OWN).map(({ body }) => body);
  const there = [...find('phone-texts').children].map(({ textContent }) => textContent);
  if (JSON.stringify(own) !== JSON.stringify(there))
    find('phone-texts').replaceChildren(...own.map((text) => element('li', text)));
}

async function look() {
  const [legs, texts] = await Promise.all([ask('GET', '/_stage/calls'), ask('GET', '/_stage/texts')]);
  const leg = legs.find((one) => one.callSid === callSid);
  const isUp = leg !== undefined && !over.includes(leg.status);
  const state = find('call-state');
  state.dataset.state = isUp ? 'human' : 'bot';
  say(state, stateOf(leg));
  say(find('call'), isUp ? 'Hang up' : leg ? 'Call again' : 'Call helpdesk');
  find('call').classList.toggle('main', !isUp);
  find('calls-from').hidden = isUp;
  for (const one of document.querySelectorAll('#phone .keypad-row button, #call-form > *')) one.disabled = !isUp;
  showLines(find('call-lines'), leg ? linesOf(leg) : [{ by: 'system', name: '', text: HINT }], 'customer');
  const isAsked = isUp && leg.asks !== undefined;
  const choices = isAsked ? choicesIn(leg) : [];
  const hasBegun = leg?.heard.some(({ by }) => by === leg.party);
  const offered = choices.length > 0 ? choices : hasBegun ? toGoOnWith : toBeginWith;
  offer(find('call-says'), isAsked ? offered : [], (text) =>
    choices.includes(text) ? press(text.slice(0, 1)) : speak(text),
  );
  showTexts(texts);
}

const lookSoon = inAMoment(look);

async function does(what, deed) {
  await ask('POST', `/_stage/calls/${what}`, { callSid, ...deed }).catch(() => {});
  await look();
}

const speak = (text) => does('say', { text });
const press = (keys) => does('press', { keys });

async function callOrHangUp() {
  if (find('call').textContent === 'Hang up') return does('hang-up', {});
  const call = { to: helpdesk, waits: true, ...callers[find('calls-from').value] };
  ({ callSid } = await ask('POST', '/_stage/call-in', call));
  sessionStorage.setItem(KEPT, callSid);
  await look();
  find('call-text').focus();
}

function sendKeys() {
  clearTimeout(lastKey);
  const keys = pressed;
  pressed = '';
  say(find('pressed'), '');
  if (keys !== '') void press(keys);
}

/** Keys go out together, as on a phone: after a moment without another, or with #. */
function pressKey(key) {
  pressed += key;
  say(find('pressed'), pressed);
  clearTimeout(lastKey);
  if (key === '#') sendKeys();
  else lastKey = setTimeout(sendKeys, LAST_KEY_MS);
}

/** Shows the phone as it is in a moment. */
export const showPhoneSoon = lookSoon;

/** Lets somebody call the helpdesk of the stage. */
export async function bePhone(number) {
  helpdesk = number;
  find('tab-phone').hidden = !number;
  find('keypad').append(...KEYS.map((key) => button(key, '', () => pressKey(key))));
  find('call').addEventListener('click', () => void callOrHangUp());
  find('say-nothing').addEventListener('click', () => void speak(''));
  writing(find('call-form'), { send: speak, types: () => {} });
  onEvent(({ vendor }) => vendor !== 'dynamodb' && lookSoon());
  setInterval(() => !find('phone').hidden && lookSoon(), LOOK_EVERY_MS);
  await look();
}

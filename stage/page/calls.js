import { element, find, shown } from './dom.js';
import { ask, inAMoment } from './stage.js';

const MOST_SHOWN = 6;
/** Nobody may be left in silence for longer. */
const LONGEST_SILENCE_SEC = 10;

const time = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds) % 60).padStart(2, '0')}`;

function showLine({ by, text, atSec }, party) {
  const line = element('li', '', 'leg-line');
  const isLine = by === 'line';
  line.append(
    element('time', time(atSec), 'leg-time'),
    element('span', isLine ? '' : by, 'leg-by'),
    element('span', shown(text), `leg-words ${isLine ? 'of-line' : by === party ? 'own' : 'other'}`),
  );
  return line;
}

/** What repeats in line, an announcement and a piece of music, is shown once. */
const withoutRepeats = (heard) => heard.filter(({ text }, index) => index < 2 || text !== heard[index - 2].text);

/** One end of a call: who it is, and everything that they hear, by the time of their call. */
function showLeg({ party, to, from, direction, status, seconds, longestSilenceSec, heard, alerts }) {
  const leg = element('div');
  const name = element('h3', party, 'leg-name');
  name.append(element('span', direction === 'inbound' ? from : to.replace(/[;?].*/, ''), 'leg-number'));
  const facts = element('p', `${status.replace('-', ' ')}, ${time(seconds)}`, 'leg-facts');
  const isLong = longestSilenceSec > LONGEST_SILENCE_SEC;
  if (longestSilenceSec > 0) {
    facts.append(element('span', ` · silence up to ${longestSilenceSec} s`, isLong ? 'leg-fault' : ''));
  }
  const lines = element('ol', '', 'leg-lines');
  for (const line of withoutRepeats(heard)) lines.append(showLine(line, party));
  leg.append(name, facts, lines);
  for (const { code, says } of alerts) leg.append(element('p', `alert ${code}: ${says}`, 'leg-fault'));
  return leg;
}

function showCall(root, legs) {
  const call = element('li', '', 'call');
  call.dataset.call = root.callSid;
  for (const leg of [root, ...legs.filter(({ parentCallSid }) => parentCallSid === root.callSid)])
    call.append(showLeg(leg));
  return call;
}

async function refresh() {
  const legs = await ask('GET', '/_stage/calls');
  const roots = legs
    .filter(({ parentCallSid }) => parentCallSid === undefined)
    .slice(-MOST_SHOWN)
    .reverse();
  find('calls').replaceChildren(...roots.map((root) => showCall(root, legs)));
  find('no-calls').hidden = roots.length > 0;
}

/** Shows the calls as they are in a moment. */
export const showCallsSoon = inAMoment(refresh);

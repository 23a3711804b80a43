/** What runs in the page of the stage: somebody is customer and agent at once, and sees what happens between. */

import { beAgent, showAgentSoon } from './agent.js';
import { showCallsSoon } from './calls.js';
import { useControls } from './controls.js';
import { beCustomer, showCustomerSoon } from './customer.js';
import { element, find, say, withCode } from './dom.js';
import { usePanes, useTabs } from './panes.js';
import { bePhone, showPhoneSoon } from './phone.js';
import { offerScenes } from './scenes.js';
import { about, ask, follow, onEvent } from './stage.js';
import { forget, showTimeline } from './timeline.js';

async function showFunctions() {
  const functions = await ask('GET', '/_stage/functions');
  say(find('function-count'), String(functions.length));
  for (const { name, purpose, calledBy } of functions) {
    const address = element('td');
    address.append(element('code', `/${name}`));
    const row = element('tr');
    row.append(address, withCode('td', purpose), withCode('td', calledBy));
    find('functions').append(row);
  }
}

/** The web chat is loaded when it is wanted first. */
function openWebChat(panel) {
  if (panel !== 'webchat' || find('webchat').childElementCount > 0) return;
  const frame = element('iframe');
  frame.title = 'Web chat';
  frame.src = '/_stage/web-chat/';
  find('webchat').append(frame);
}

let wasGone = false;

/** The stage was ended, or is there again: then it is another one. */
function heard(isThere) {
  if (isThere && wasGone) location.reload();
  wasGone = !isThere;
  say(find('gone'), isThere ? '' : 'The stage does not answer. Is it running?');
}

function lookAgain() {
  showCustomerSoon();
  showAgentSoon();
  showCallsSoon();
  showPhoneSoon();
}

/** The newest line stays in sight when there is less room, as when a keyboard opens. */
const toTheEnd = new ResizeObserver((changed) => {
  for (const { target } of changed) target.scrollTop = target.scrollHeight;
});
for (const list of document.querySelectorAll('.lines, #events')) {
  // Whoever has no mouse scrolls with the keys.
  list.tabIndex = 0;
  toTheEnd.observe(list);
}
usePanes();
useTabs(document.querySelector('[role=tablist]'), openWebChat);
onEvent(({ vendor }) => vendor !== 'dynamodb' && showCallsSoon());
const isHeard = follow(heard);
showCallsSoon();

const { botId, desk, helpdesk, scenes } = about;
offerScenes(scenes);
await Promise.all([
  showFunctions(),
  showTimeline(isHeard),
  beCustomer(botId),
  bePhone(helpdesk),
  beAgent(desk),
  useControls({
    moved: lookAgain,
    fresh() {
      forget();
      lookAgain();
    },
  }),
]);

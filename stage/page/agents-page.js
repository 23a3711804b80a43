/** The function `agent-view` in a frame beside the conversation, opened by a signed link as a desk opens it. */

import { element, find } from './dom.js';
import { ask } from './stage.js';

let shown;

/** The link that a desk is given with a task. It may have another host outside; here it is this one. */
async function linkTo(handoverId) {
  const { url } = await ask('POST', '/_stage/agent-link', { handoverId });
  return `/agent-view${new URL(url).search}`;
}

export const isPageShown = () => !find('view').hidden;

export function hidePage() {
  shown = undefined;
  find('view').hidden = true;
  find('view').replaceChildren();
  find('show-view').setAttribute('aria-pressed', 'false');
}

/** Shows the page of a handover, the one that is there already when it is the same. */
export async function showPage(handoverId) {
  if (handoverId === undefined || handoverId === shown) return;
  shown = handoverId;
  find('view').hidden = false;
  find('show-view').setAttribute('aria-pressed', 'true');
  try {
    const link = await linkTo(handoverId);
    const frame = element('iframe');
    frame.title = 'The agent’s page of this handover';
    frame.src = link;
    const alone = element('a', 'in a tab of its own');
    alone.href = link;
    alone.target = '_blank';
    alone.rel = 'noreferrer';
    if (shown === handoverId) find('view').replaceChildren(frame, alone);
  } catch (error) {
    if (shown === handoverId) find('view').replaceChildren(element('p', error.message, 'note'));
  }
}

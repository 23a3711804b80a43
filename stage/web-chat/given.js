/** What a web chat of the stage's page is given: who the visitor is, where the assistant is, and how people are reached. */

import { carbonServiceDesk } from '../../web/service-desk/index.ts';
import { CHOICES, plainAssistant, post, watsonAssistant } from './assistants.js';

const KEPT = 'handover stage visitor';

/** The same visitor after the page is loaded again. */
const visitor = sessionStorage.getItem(KEPT) ?? `visitor-${crypto.randomUUID().slice(0, 8)}`;
sessionStorage.setItem(KEPT, visitor);

/** What the assistant says to some words of the customer. */
export const answer = (document.body.dataset.desk === 'flex' ? watsonAssistant : plainAssistant)(visitor);

/** What the chat begins with. */
export const welcome = {
  text: 'Hello, I am the assistant. Ask me about your order, or say that you want a person.',
  choices: CHOICES,
};

/** Where Twilio's client finds its socket: here, unless the account is somebody's own. */
const isOwnAccount = document.body.dataset.twilio === 'own';
const socket = { Twilsock: { uri: `ws://${location.host}/_stage/twilio/v3/wsconnect` } };

export const serviceDeskFactory = carbonServiceDesk({
  url: `${location.origin}/flex-token`,
  session: async () => (await post('/_stage/session', { sub: visitor })).token,
  visitor: () => ({ conversationId: visitor, topic: 'Web chat', friendlyName: visitor }),
  ...(isOwnAccount ? {} : { twilio: socket }),
});

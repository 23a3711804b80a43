/** The tasks of Flex, chats and calls, in the words of the agent's side. */

import { about, ask } from './stage.js';

const states = { assigned: 'taken', wrapping: 'taken', completed: 'ended', canceled: 'ended' };

const A_CALL = 'This is a call. What everybody hears stands below, under “Calls”.';

/** Whom a chat is passed on to: somebody else than who has it. */
const colleagueOf = (worker) => (worker === 'Grace' ? 'Ada' : 'Grace');

const short = (sid) => `${sid.slice(0, 2)}…${sid.slice(-4)}`;

/** What Flex says of a task in words; the rest of the attributes is for programs. */
const told = ['topic', 'message', 'language', 'reason'];

/** The attributes with the reason in words, where it is a code. */
function inWords(attributes) {
  const { reason } = attributes;
  return Object.hasOwn(about.reasons, reason) ? { ...attributes, reason: about.reasons[reason] } : attributes;
}

/** Customers are in a conversation under a name that begins so, those of a bot and those of a page. */
function linesOf(conversation, { attributes, reservations = [] }) {
  const names = new Map(reservations.map(({ worker }) => [worker.name, worker.fullName]));
  return conversation.messages.map(({ author, body, atMs, media }) => {
    const isCustomer = author === attributes.customerAddress || /^(customer|visitor)-/.test(author);
    const text = [body, ...media.map(({ filename }) => `(file: ${filename})`)].filter(Boolean).join('\n');
    const name = isCustomer ? (attributes.customerName ?? 'Customer') : (names.get(author) ?? author);
    return { by: isCustomer ? 'customer' : names.has(author) ? 'agent' : 'bot', name, text, atMs };
  });
}

const paths = { accept: 'accept', say: 'say', typing: 'typing', transfer: 'transfer', leave: 'leave', end: 'end' };

function inputOf(verb, { agent, text }, worker) {
  if (verb === 'accept') return { name: agent };
  if (verb === 'transfer') return { to: colleagueOf(worker) };
  return verb === 'say' ? { text } : {};
}

function ticketOf(task, conversation) {
  const { sid, worker } = task;
  const attributes = inWords(task.attributes);
  const state = states[task.state] ?? 'waiting';
  const facts = told.filter((name) => typeof attributes[name] === 'string').map((name) => [name, attributes[name]]);
  const isTalk = state === 'taken' && conversation !== undefined;
  return {
    key: `flex ${sid}`,
    source: conversation ? 'Flex' : 'Flex call',
    id: short(sid),
    who: attributes.customerName ?? attributes.name ?? attributes.from ?? attributes.conversationId ?? 'Somebody',
    why: attributes.message ?? attributes.reason ?? attributes.topic ?? '',
    facts,
    state,
    agent: worker,
    isTyping: false,
    lines: conversation ? linesOf(conversation, task) : [{ by: 'system', name: '', text: A_CALL }],
    handoverId: attributes.handoverId,
    can: state === 'waiting' ? ['accept'] : isTalk ? ['transfer', 'leave', 'end'] : [],
    labels: { transfer: `To ${colleagueOf(worker)}` },
    canWrite: isTalk,
    async act(verb, input) {
      await ask('POST', `/_stage/flex/${paths[verb]}`, { taskSid: sid, ...inputOf(verb, input, worker) });
      return '';
    },
  };
}

export async function flexTickets() {
  const { tasks, conversations = [], interactions = [] } = await ask('GET', '/_stage/flex');
  return tasks.map((task) => {
    const own = interactions.find(({ invites }) => invites.some(({ taskSid }) => taskSid === task.sid));
    return ticketOf(
      task,
      conversations.find(({ sid }) => sid === own?.conversationSid),
    );
  });
}

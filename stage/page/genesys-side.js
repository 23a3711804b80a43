/** What lies at Genesys, in the words of the agent's side: conversations of Genesys Cloud and chats of PureConnect. */

import { ask } from './stage.js';

/** Where the one Genesys has its own word for what an agent does. */
const paths = { accept: 'take', say: 'say', typing: 'typing', leave: 'leave', end: 'end' };

const act = (ticket) => async (verb, input) => {
  await ask('POST', `/_stage/genesys/${paths[verb]}`, { ticket, ...input });
  return '';
};

/** What is the same for both. */
const common = (id, state) => ({
  key: `genesys ${id}`,
  source: 'Genesys',
  id: id.slice(0, 8),
  state,
  can: { waiting: ['accept'], taken: ['leave', 'end'], ended: [] }[state],
  labels: {},
  canWrite: state === 'taken',
  act: act(id),
});

function inCloud({ id, fromId, attributes, messages, participants, customerTypes }) {
  const isOpen = participants.some(({ purpose, state }) => purpose === 'customer' && state === 'connected');
  const agent = participants.findLast(({ purpose, state }) => purpose === 'agent' && state === 'connected')?.name;
  const customer = attributes.name ?? attributes.conversationId ?? fromId;
  const { handoverId, reason = '', topic } = attributes;
  return {
    ...common(id, isOpen ? (agent ? 'taken' : 'waiting') : 'ended'),
    ...{ who: customer, why: reason, handoverId, agent, isTyping: customerTypes },
    facts: topic ? [['topic', topic]] : [],
    lines: messages.map(({ by, text }) => ({
      text,
      by: by === 'flow' ? 'bot' : by,
      name: { customer, flow: 'Flow' }[by] ?? agent ?? 'Agent',
    })),
  };
}

function atServer({
  chatId,
  participantId,
  handoverId,
  conversationId,
  start,
  messages,
  agent,
  isOver,
  customerTypes,
}) {
  const customer = start.participantName || conversationId;
  return {
    ...common(chatId, isOver ? 'ended' : agent ? 'taken' : 'waiting'),
    ...{ who: customer, why: '', handoverId, agent: agent?.name, isTyping: customerTypes, facts: [] },
    lines: messages
      .filter(({ value }) => typeof value === 'string')
      .map(({ participantId: by, value, timestamp }) => ({
        text: value,
        by: by === participantId ? 'customer' : 'agent',
        name: by === participantId ? customer : (agent?.name ?? 'Agent'),
        atMs: Date.parse(timestamp),
      })),
  };
}

export async function genesysTickets() {
  const { conversations, chats } = await ask('GET', '/_stage/genesys');
  return [...conversations.map(inCloud), ...chats.map(atServer)];
}

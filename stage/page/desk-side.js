/** The tickets of the stage's own desk, in the words of the agent's side. */

import { ask } from './stage.js';

const TYPING_SHOWS_MS = 6_000;

/** When a customer was last seen typing, by ticket. */
const typed = new Map();

/** What is said of a conversation before anybody has read it. */
function factsOf({ topic, language, fields = {} }) {
  return [
    ...(topic ? [['topic', topic]] : []),
    ...(language ? [['language', language]] : []),
    ...Object.entries(fields).filter(([, value]) => typeof value === 'string'),
  ];
}

const whoSays = ({ by, text, atMs }, ticket, agent) => ({
  by,
  text,
  atMs,
  name: by === 'agent' ? (agent ?? 'Agent') : by === 'bot' ? 'Bot' : (ticket.about.name ?? ticket.userId ?? 'Customer'),
});

const path = { accept: 'take', say: 'say', typing: 'typing', end: 'end' };

function ticketOf(ticket) {
  const { state, agent, about, userId, conversationId } = ticket;
  return {
    key: `desk ${ticket.ticket}`,
    source: 'Desk',
    id: ticket.ticket,
    who: about.name ?? userId ?? conversationId,
    why: about.reason ?? ticket.lines.findLast(({ by }) => by === 'customer')?.text ?? '',
    facts: factsOf(about),
    state,
    agent,
    isTyping: ticket.customerTypes && performance.now() - (typed.get(ticket.handoverId) ?? 0) < TYPING_SHOWS_MS,
    lines: ticket.lines.map((line) => whoSays(line, ticket, agent)),
    handoverId: ticket.handoverId,
    can: { waiting: ['accept'], taken: ['end'], ended: [] }[state],
    labels: {},
    canWrite: state === 'taken',
    async act(verb, { agent: by, ...input }) {
      const { status, answer } = await ask('POST', `/_stage/desk/${path[verb]}`, {
        ticket: ticket.ticket,
        agent: by,
        ...input,
      });
      if (status === 200) return '';
      return status === 0 ? 'handover-push did not answer' : `handover-push answered ${status}: ${answer}`;
    },
  };
}

/** Notes what is not in the tickets themselves. */
export function hearForDesk({ vendor, body, handoverId }) {
  if (vendor === 'desk' && body.includes('handover.typing')) typed.set(handoverId, performance.now());
}

export const deskTickets = async () => (await ask('GET', '/_stage/desk')).map(ticketOf);

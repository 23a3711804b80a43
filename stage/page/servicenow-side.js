/** What lies at ServiceNow, in the words of the agent's side: chats behind Virtual Agent, and incidents. */

import { ask } from './stage.js';

const paths = { accept: 'accept', say: 'say', typing: 'type', end: 'end' };

const answered = ({ status, answer }) =>
  status === 0 || status < 300 ? '' : `desk-events answered ${status}: ${answer}`;

function chat({ interactionId, handoverId, userId, contextVariables, lines, state, agent, customerTypes }) {
  const { name = userId, reason = '', topic } = contextVariables;
  return {
    ...{ key: `servicenow ${interactionId}`, source: 'ServiceNow', id: interactionId.slice(0, 8) },
    ...{ who: name, why: reason, facts: topic ? [['topic', topic]] : [], state, agent, handoverId, labels: {} },
    isTyping: customerTypes,
    lines: lines.map(({ by, text }) => ({ by, text, name: by === 'customer' ? name : (agent ?? 'Agent') })),
    can: { waiting: ['accept'], taken: ['end'], ended: [] }[state],
    canWrite: state === 'taken',
    act: async (verb, input) =>
      answered(await ask('POST', `/_stage/servicenow/${paths[verb]}`, { handoverId, ...input })),
  };
}

/** Resolved, closed or canceled. */
const OVER = ['6', '7', '8'];

/** An agent works on an incident by comments and its state. */
const work = {
  accept: () => ({}),
  say: ({ text }) => ({ comment: text }),
  end: () => ({ state: '6' }),
};

function incident({ sys_id, number, correlation_id: handoverId, short_description, state, assigned_to, comments }) {
  const standing = OVER.includes(state) ? 'ended' : assigned_to ? 'taken' : 'waiting';
  return {
    ...{ key: `incident ${sys_id}`, source: 'ServiceNow', id: number ?? 'incident', handoverId, labels: {} },
    ...{ who: number ?? 'Incident', why: short_description ?? '', facts: [], state: standing, agent: undefined },
    isTyping: false,
    lines: comments.map(({ value, sys_created_by: name }) => ({
      ...{ text: value, name },
      by: name === 'handover' ? 'bot' : 'agent',
    })),
    can: { waiting: ['accept'], taken: ['end'], ended: [] }[standing],
    canWrite: standing === 'taken',
    async act(verb, input) {
      const does = work[verb]?.(input);
      return does ? answered(await ask('POST', '/_stage/servicenow/work', { handoverId, ...does })) : '';
    },
  };
}

export async function servicenowTickets() {
  const { conversations, incidents } = await ask('GET', '/_stage/servicenow');
  return [...conversations.map(chat), ...incidents.map(incident)];
}

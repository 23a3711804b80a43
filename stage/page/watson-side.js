/** A chat with a Watson assistant, whose page gets the words of people by `BOT_PUSH_URL`, in the words of the customer's side. */

import { ask } from './stage.js';

const TYPING_SHOWS_MS = 10_000;

/** What is told to the page, as lines. */
function lineOf({ type, timestamp, data }) {
  const name = data.agent?.name ?? 'Agent';
  const line = (by, text) => [{ by, text, name, atMs: Date.parse(timestamp) }];
  if (type === 'handover.message') return line('agent', data.text);
  if (type === 'handover.agent') return line('system', `${name} is there.`);
  return type === 'handover.ended' ? line('system', 'You are with the assistant again.') : [];
}

/** The chat of a customer: what is to be seen of it, and what they can do. */
export function watsonChat({ userId }) {
  const sessionId = `session-${userId}`;
  return {
    async look() {
      const [chats, told, tickets] = await Promise.all([
        ask('GET', '/_stage/watson/chats'),
        ask('GET', '/_stage/bot'),
        ask('GET', '/_stage/desk'),
      ]);
      const chat = chats.find((one) => one.sessionId === sessionId);
      const own = told.filter(({ data }) => data.conversationId === sessionId);
      const said = (chat?.lines ?? []).map(({ by, text, atMs }) => ({
        ...{ text, atMs },
        by: by === 'customer' ? 'customer' : 'bot',
        name: by === 'customer' ? 'You' : 'Watson',
      }));
      const last = own.at(-1);
      const ticket = tickets.findLast(({ conversationId }) => conversationId === sessionId);
      return {
        lines: [...said, ...own.flatMap(lineOf)].sort((a, b) => a.atMs - b.atMs),
        isPaused: last ? last.type !== 'handover.ended' : ticket !== undefined && ticket.state !== 'ended',
        typingUntilMs: last?.type === 'handover.typing' ? Date.parse(last.timestamp) + TYPING_SHOWS_MS : 0,
      };
    },
    say: (text) => ask('POST', '/_stage/watson/say', { sessionId, userId, text }),
    // Watson asks nobody while a customer types.
    types: async () => {},
  };
}

/** A chat in Botcopy's window, in the words of the customer's side. */

import { ask, nowMs } from './stage.js';

const nameOf = ({ by, agentName }) => (by === 'customer' ? 'You' : by === 'bot' ? 'Bot' : (agentName ?? 'Agent'));

/** The chat of a customer: what is to be seen of it, and what they can do. */
export function botcopyChat(who) {
  return {
    async look() {
      const chats = await ask('GET', '/_stage/botcopy');
      const chat = chats.find(({ userId, botId }) => userId === who.userId && botId === who.botId);
      return {
        lines: (chat?.lines ?? []).map((line) => ({ ...line, name: nameOf(line) })),
        isPaused: chat !== undefined && chat.pausedUntilMs > nowMs(),
        typingUntilMs: chat?.typingUntilMs ?? 0,
      };
    },
    say: (text) => ask('POST', '/_stage/botcopy/say', { ...who, text }),
    types: () => ask('POST', '/_stage/botcopy/typing', who),
  };
}

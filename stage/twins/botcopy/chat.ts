/** What the customer sees in the chat window, line by line. */
export interface ChatLine {
  readonly atMs: number;
  readonly by: 'customer' | 'bot' | 'agent' | 'system';
  readonly text: string;
  readonly agentName?: string;
}

/** One chat window, with what Botcopy itself remembers about it. */
export interface Chat {
  readonly userId: string;
  readonly botId: string;
  /** Dialogflow's. It may expire without a word during a live chat: then the next message has another. */
  sessionId: string;
  readonly lines: ChatLine[];
  /** The bot is paused until then; 0 when it is not. */
  pausedUntilMs: number;
  /** The agent's typing shows until then. */
  typingUntilMs: number;
  /** The stretches of time for which it showed. A push that comes before the end makes one longer. */
  readonly typingShown: { readonly fromMs: number; untilMs: number }[];
}

/** The bot behind the chat, in place of a Dialogflow agent. */
export interface BotReply {
  readonly text: string;
  /** Whether the reply carries the context on which Botcopy asks for a person. */
  readonly wantsPerson: boolean;
}

export function botReply(text: string): BotReply {
  if (/\b(person|human|agent|colleague|somebody|handover)\b/i.test(text)) {
    return { text: 'I will get a person for you.', wantsPerson: true };
  }
  if (/\border\b/i.test(text)) return { text: 'Order 4711 left our house this morning.', wantsPerson: false };
  if (/\b(hi|hello|good (morning|day|evening))\b/i.test(text)) {
    return { text: 'Hello, I am the bot. Ask me about your order, or say "person".', wantsPerson: false };
  }
  return { text: 'I did not understand that. Say "person" and I will get one.', wantsPerson: false };
}

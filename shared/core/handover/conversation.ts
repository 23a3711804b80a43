/** The bot's id for a conversation. One namespace for all bots. */
export type ConversationId = string;

const escaped: Readonly<Record<string, string>> = { ':': '+3A', '+': '+2B' };

/**
 * The conversation of a platform that names a bot and a user instead, like Botcopy, whose session id changes during a
 * handover. `{botId:'b:1', userId:'u:2'}` is `b+3A1:u:2`: no two pairs share one.
 */
export function conversationOf({ botId, userId }: { readonly botId: string; readonly userId: string }): ConversationId {
  return `${botId.replace(/[:+]/g, (character) => escaped[character] ?? character)}:${userId}`;
}

/** The bot and the user of a conversation that `conversationOf` made; undefined for any other. */
export function botAndUserOf(
  conversationId: ConversationId,
): { readonly botId: string; readonly userId: string } | undefined {
  const at = conversationId.indexOf(':');
  if (at < 1 || at === conversationId.length - 1) return undefined;
  const botId = conversationId.slice(0, at).replace(/\+(3A|2B)/g, (_, hex: string) => (hex === '3A' ? ':' : '+'));
  return { botId, userId: conversationId.slice(at + 1) };
}

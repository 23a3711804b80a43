/** Who answers in a web chat before a person does: an assistant of few words, or Watson with all its webhooks. */

export const CHOICES = ['Where is my order?', 'I want to talk to a person'];

export async function post(path, input) {
  const answer = await fetch(path, { method: 'POST', body: JSON.stringify(input) });
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
  return answer.json();
}

/** It tells `bot-events` what was said; who asks for a person begins a chat in Flex with it. */
export const plainAssistant = (visitor) => async (text) => {
  const reply = await post('/_stage/bot/say', { conversationId: visitor, text });
  return reply.wantsPerson ? { text: reply.text, person: { message: text } } : { text: reply.text, choices: CHOICES };
};

/**
 * Its webhooks open the handover at the desk before the customer reads of it, and give the page a proof with which the visitor
 * joins that very conversation: good where the desk is Flex.
 */
export function watsonAssistant(visitor) {
  let connected;
  return async (text) => {
    const chatOf = async () =>
      (await (await fetch('/_stage/watson/chats')).json()).find(({ sessionId }) => sessionId === visitor);
    const before = (await chatOf())?.lines.length ?? 0;
    await post('/_stage/watson/say', { sessionId: visitor, userId: visitor, text });
    const { lines, connect } = await chatOf();
    const said = lines.slice(before).filter(({ by }) => by !== 'customer');
    const words = said.map((line) => line.text).join('\n');
    const proof = connect?.transfer_info?.additional_data?.handover_proof;
    if (proof === undefined || proof === connected) return { text: words, choices: CHOICES };
    connected = proof;
    const { message_to_human_agent: message = text, transfer_info } = connect;
    return { text: words, person: { message, collected: transfer_info.additional_data } };
  };
}

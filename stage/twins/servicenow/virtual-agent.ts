import * as v from 'valibot';
import type { HttpAnswer } from '../../../shared/core/http.ts';
import type { TwinAnswer } from '../../twin.ts';
import { botRequest, type Conversation, type Conversations } from './conversations.ts';
import { newSysId } from './sys-id.ts';
import { refusal } from './table-api.ts';

/** What an agent does in a chat. */
export type AgentDoes =
  | { readonly is: 'accept' }
  | { readonly is: 'say'; readonly text: string }
  | { readonly is: 'type' }
  | { readonly is: 'end' };

/** Sends a callback to where the instance is told to. */
export type SendCallback = (body: object) => Promise<HttpAnswer | undefined>;

/** How long customers are told to wait. */
const WAITS = '8 Seconds';

const action = (actionType: string, more: object = {}) => ({
  uiType: 'ActionMsg',
  actionType,
  messageId: newSysId(),
  ...more,
});

const speaker = (agentName: string) => ({
  agentInfo: { agentId: agentName.toLowerCase().replace(' ', '.'), agentName, agentAvatar: '', sentFromAgent: true },
});

const output = (value: string, more: object = {}) => ({
  uiType: 'OutputText',
  group: 'DefaultText',
  value,
  messageId: newSysId(),
  maskType: 'NONE',
  ...more,
});

function bodyOf(does: AgentDoes, agent: string): readonly object[] {
  switch (does.is) {
    case 'accept':
      return [
        action('SubscribeToChatPresence'),
        action('EndSpinner'),
        action('SwitchToLiveAgent', speaker(agent)),
        action('System', { value: `${agent} has entered the conversation` }),
      ];
    case 'say':
      return [action('EndTypingIndicator'), output(does.text, speaker(agent))];
    case 'type':
      return [action('StartTypingIndicator', speaker(agent))];
    case 'end':
      return [action('System', { value: `${agent} has closed the conversation` }), action('SwitchToVirtualAgent')];
  }
}

/** The bot integration of Virtual Agent, and the agents who chat through it. */
export function virtualAgent(conversations: Conversations, send: SendCallback) {
  const callback = (conversation: Conversation, body: readonly object[], more: object) => {
    const { handoverId: clientSessionId, userId, interactionId, clientVariables, last } = conversation;
    const { requestId, message } = last;
    const about = { requestId, clientSessionId, userId, interactionId, clientVariables, message };
    return send({ ...about, completed: false, ...more, score: 1, body });
  };

  /** What is told after the answer: nobody waits for it. */
  const later = (conversation: Conversation, body: readonly object[], more: object) =>
    setImmediate(() => void callback(conversation, body, more));

  /** `isKnown`: whether the message authentication fits. Where it does not, only the log of the instance would say so. */
  function answer(body: string, isKnown: boolean): TwinAnswer {
    const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), botRequest), body);
    if (!parsed.success) {
      const { message } = parsed.issues[0];
      return refusal(400, `${v.getDotPath(parsed.issues[0]) ?? 'body'}: ${message}`);
    }
    const request = parsed.output;
    const taken: TwinAnswer = { status: 200, body: { status: 'success' } };
    if (!isKnown) return taken;
    const found = conversations.find({ handoverId: request.clientSessionId, userId: request.userId });
    if (request.action === 'START_CONVERSATION') {
      if (found && found.state !== 'ended') return taken;
      const spinner = { spinnerType: 'wait_time', message: 'Routing you to a live agent', waitTime: WAITS };
      const queued = [action('SubscribeToSupportQueue'), action('StartSpinner', spinner)];
      later(conversations.start(request), queued, { agentChat: false });
      return taken;
    }
    if (!found) {
      const error = { message: 'No conversation', detail: 'There is no open conversation of this user' };
      return { status: 200, body: { status: 'failure', error } };
    }
    found.customerTypes = request.action === 'TYPING';
    if (request.action === 'END_CONVERSATION') {
      if (found.state !== 'ended')
        later(found, [action('System', { value: 'The conversation is closed' })], { completed: true });
      found.state = 'ended';
    } else if (request.action === undefined) {
      found.lines.push({ by: 'customer', text: request.message.text });
      found.last = request;
    }
    return taken;
  }

  /** An agent does something. Resolves to what desk-events answered. */
  async function act(conversation: Conversation, does: AgentDoes, agent: string): Promise<HttpAnswer | undefined> {
    if (does.is === 'say') conversation.lines.push({ by: 'agent', text: does.text });
    conversation.state = does.is === 'end' ? 'ended' : 'taken';
    conversation.agent = agent;
    return callback(conversation, bodyOf(does, agent), { agentChat: true, completed: does.is === 'end' });
  }

  return { answer, act };
}

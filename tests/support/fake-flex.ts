import { type HttpAnswer, type HttpRequest, NoAnswer, type SendHttp } from '../../shared/core/http.ts';
import { openApiFaults } from './twilio-openapi.ts';

/** How one request is treated: `after` it was done, or instead of it. */
export type FlexFault = 'reset' | 'reset after' | 'cut off after' | '500' | '500 after' | '429' | '403' | 'hang';

interface FakeMessage {
  readonly author: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

export interface FakeConversation {
  readonly sid: string;
  readonly uniqueName: string | undefined;
  attributes: Readonly<Record<string, unknown>>;
  state: 'active' | 'closed';
  readonly participants: string[];
  readonly webhooks: { sid: string; url: string }[];
  readonly messages: FakeMessage[];
}

export interface FakeTask {
  readonly sid: string;
  status: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

export interface FakeInteraction {
  readonly sid: string;
  readonly conversationSid: string;
  readonly routing: Readonly<Record<string, unknown>>;
  readonly channel: { readonly sid: string; status: string };
}

/** Twilio as far as the desk Flex uses it: in memory, with the refusals that keep things from being made twice. */
export interface FakeFlex {
  readonly send: SendHttp;
  /** `POST Messages` and the like, in order. */
  readonly asked: string[];
  /** What Twilio's OpenAPI says against what was asked. */
  readonly faultsOfForm: string[];
  readonly conversations: FakeConversation[];
  readonly interactions: FakeInteraction[];
  readonly tasks: FakeTask[];
  /** Treats the next requests that end so, like `POST Messages`, one each. */
  fails(what: string, ...faults: FlexFault[]): void;
  webChat(attributes?: Readonly<Record<string, unknown>>): FakeConversation;
  forget(): void;
}

const refusal = (status: number, code: number): HttpAnswer => ({ status, headers: {}, body: JSON.stringify({ code }) });
const ok = (value: unknown): HttpAnswer => ({ status: 201, headers: {}, body: JSON.stringify(value) });

export function fakeFlex(): FakeFlex {
  let count = 0;
  const sid = (kind: string) => `${kind}${(++count).toString(16).padStart(32, '0')}`;
  const conversations: FakeConversation[] = [];
  const interactions: FakeInteraction[] = [];
  const tasks: FakeTask[] = [];
  const asked: string[] = [];
  const faultsOfForm: string[] = [];
  const faults: { readonly what: string; readonly fault: FlexFault }[] = [];

  const shown = (one: FakeConversation) => ({
    sid: one.sid,
    state: one.state,
    attributes: JSON.stringify(one.attributes),
  });
  const found = (name = '') => conversations.find((one) => one.sid === name || one.uniqueName === name);
  const newConversation = (uniqueName: string | undefined, attributes: object): FakeConversation => {
    const participants: string[] = [];
    const made = {
      sid: sid('CH'),
      uniqueName,
      attributes: { ...attributes },
      participants,
      webhooks: [],
      messages: [],
    };
    const conversation: FakeConversation = { ...made, state: 'active' };
    conversations.push(conversation);
    return conversation;
  };

  function inConversation(method: string, [name, part, id]: readonly string[], form: URLSearchParams): HttpAnswer {
    if (name === undefined) {
      const uniqueName = form.get('UniqueName') ?? undefined;
      if (uniqueName !== undefined && found(uniqueName)) return refusal(409, 50353);
      return ok(shown(newConversation(uniqueName, JSON.parse(form.get('Attributes') ?? '{}'))));
    }
    const conversation = found(name);
    if (!conversation) return refusal(404, 20404);
    if (part === undefined) {
      if (method === 'POST') conversation.state = 'closed';
      return ok(shown(conversation));
    }
    const { participants, webhooks, messages, state } = conversation;
    const hookShown = (hook: { sid: string; url: string }) => ({ sid: hook.sid, configuration: { url: hook.url } });
    if (method === 'GET') {
      if (part === 'Webhooks') return ok({ webhooks: webhooks.map(hookShown) });
      const newest = messages.map(({ attributes }) => ({ attributes: JSON.stringify(attributes) })).reverse();
      return ok({ messages: newest });
    }
    if (state === 'closed') return refusal(400, 50438);
    if (part === 'Participants') {
      const identity = form.get('Identity') ?? '';
      if (participants.includes(identity)) return refusal(409, 50433);
      participants.push(identity);
      return ok({ sid: sid('MB') });
    }
    if (part === 'Webhooks') {
      const url = form.get('Configuration.Url') ?? '';
      const there = webhooks.find((one) => one.sid === id);
      if (there) there.url = url;
      const hook = there ?? { sid: sid('WH'), url };
      if (!there) webhooks.push(hook);
      return ok(hookShown(hook));
    }
    const [author = '', body = ''] = [form.get('Author') ?? '', form.get('Body') ?? ''];
    if (body.length > 1_600) return refusal(400, 50357);
    messages.push({ author, body, attributes: JSON.parse(form.get('Attributes') ?? '{}') });
    return ok({ sid: sid('IM') });
  }

  function inInteraction(method: string, [name, , channelSid]: readonly string[], form: URLSearchParams): HttpAnswer {
    if (name === undefined) {
      const channel = JSON.parse(form.get('Channel') ?? '{}');
      const { properties } = JSON.parse(form.get('Routing') ?? '{}');
      const made = { sid: sid('KD'), channel: { sid: sid('UO'), status: 'active' }, routing: properties };
      const conversationSid = channel.properties.media_channel_sid;
      interactions.push({ ...made, conversationSid });
      const flex = { flexInteractionSid: made.sid, flexInteractionChannelSid: made.channel.sid, conversationSid };
      tasks.push({ sid: sid('WT'), status: 'pending', attributes: { ...properties.attributes, ...flex } });
      return ok({ sid: made.sid });
    }
    const interaction = interactions.find((one) => one.sid === name);
    if (!interaction) return refusal(404, 20404);
    const { channel, conversationSid } = interaction;
    if (method === 'GET') return ok({ channels: [channel] });
    if (channelSid !== channel.sid) return refusal(404, 20404);
    channel.status = 'closed';
    const conversation = found(conversationSid);
    if (conversation) conversation.state = 'closed';
    for (const task of tasks.filter((one) => one.attributes.flexInteractionSid === name)) task.status = 'completed';
    return ok({ sid: channel.sid });
  }

  /** A web chat as an address with a flow that sends everybody to Flex makes it. */
  function begunChat(form: URLSearchParams): HttpAnswer {
    const known = JSON.parse(form.get('PreEngagementData') ?? '{}');
    const chat = newConversation(undefined, { pre_engagement_data: known });
    const identity = form.get('Identity') ?? '';
    chat.participants.push(identity);
    const channel = JSON.stringify({ properties: { media_channel_sid: chat.sid } });
    const routing = JSON.stringify({ properties: { attributes: known } });
    inInteraction('POST', [], new URLSearchParams({ Channel: channel, Routing: routing }));
    return ok({ conversation_sid: chat.sid, identity });
  }

  function withAttribute(query: URLSearchParams): HttpAnswer {
    const [, name = '', value] = /^(\w+) == "([^"]*)"$/.exec(query.get('EvaluateTaskAttributes') ?? '') ?? [];
    const having = tasks.filter((task) => task.attributes[name] === value).reverse();
    const page = having.map(({ sid: taskSid, status, attributes }) => ({
      sid: taskSid,
      assignment_status: status,
      attributes: JSON.stringify(attributes),
    }));
    return ok({ tasks: page });
  }

  function does({ method, url, body = '' }: HttpRequest): HttpAnswer {
    const { pathname, searchParams } = new URL(url);
    const [, product, ...parts] = pathname.split('/').slice(1);
    if (product === 'Services') return inConversation(method, parts.slice(2), new URLSearchParams(body));
    if (product === 'WebChats') return begunChat(new URLSearchParams(body));
    if (product === 'Interactions') return inInteraction(method, parts, new URLSearchParams(body));
    return withAttribute(searchParams);
  }

  const send: SendHttp = async (request) => {
    const { host, pathname, search } = new URL(request.url);
    const last = pathname.split('/').findLast((part) => /^[A-Z][a-z]+$/.test(part));
    const name = `${request.method} ${last}`;
    asked.push(name);
    const { method, body = '' } = request;
    faultsOfForm.push(...openApiFaults({ method, host, path: pathname + search, body }));
    const at = faults.findIndex(({ what }) => what === name);
    const [{ fault } = { fault: undefined }] = at < 0 ? [] : faults.splice(at, 1);
    if (fault === 'hang') await request.deadline.sleep(request.tryMs).catch(() => {});
    if (fault === 'hang' || fault === 'reset') throw new NoAnswer(true, 'connection failed');
    if (fault === '429') return { ...refusal(429, 20429), headers: { 'retry-after': '60' } };
    if (fault === '500') return refusal(500, 20500);
    if (fault === '403') return refusal(403, 20403);
    const answer = does(request);
    if (fault === 'reset after') throw new NoAnswer(true, 'connection failed');
    if (fault === '500 after') return refusal(500, 20500);
    return fault === 'cut off after' ? { ...answer, body: answer.body.slice(0, 5) } : answer;
  };

  return {
    send,
    asked,
    faultsOfForm,
    conversations,
    interactions,
    tasks,
    fails: (what, ...those) => faults.push(...those.map((fault) => ({ what, fault }))),
    webChat: (attributes = {}) => newConversation(undefined, attributes),
    forget: () => {
      asked.length = 0;
    },
  };
}

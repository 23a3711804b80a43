import * as v from 'valibot';
import type { Env } from '../../../shared/core/settings.ts';
import type { StageClock } from '../../clock.ts';
import type { Faults } from '../../faults.ts';
import { type StageRequests, takes } from '../../requests.ts';
import { type Listener, openTwin, type TwinParts } from '../../twin.ts';
import type { SendWebhook } from '../../webhooks.ts';
import type { Party } from '../twilio/voice/party.ts';
import { assistantParty } from './assistant.ts';
import type { AssistantCall } from './call.ts';
import { type ChatOutcome, type WatsonChat, watsonChats } from './chat.ts';
import { type AssistantScript, assistantScript } from './script.ts';
import { assistantSessions, refused } from './sessions.ts';
import { assistantWebhooks } from './webhooks.ts';

const said = v.strictObject({
  sessionId: v.optional(v.string(), 'session-1'),
  userId: v.optional(v.string(), 'visitor-1'),
  text: v.string(),
});

/** Watson Assistant: on the phone the other end of a SIP leg, in a chat what the customer writes to; with its webhooks. */
export interface WatsonTwin {
  readonly requests: StageRequests;
  /** Whether a SIP URI is the assistant's. */
  answersAt(sipUri: string): boolean;
  partyAt(sipUri: string, leg: { readonly sid: string; readonly from: string }): Party;
  /** The phone calls it answered, oldest first. */
  calls(): readonly AssistantCall[];
  /** The chat of a session, opened when there is none. */
  chat(sessionId: string, userId: string): WatsonChat;
  /** The customer writes. Resolves when the answer is there. */
  say(sessionId: string, userId: string, text: string): Promise<ChatOutcome>;
  /** From now on it behaves so. */
  script(script: AssistantScript): void;
  /** How it behaves. */
  scripted(): AssistantScript;
  reset(): void;
}

interface WatsonParts {
  readonly env: () => Env;
  readonly faults: Faults;
  readonly clock: StageClock;
  readonly sendWebhook: SendWebhook;
  /** Whether a function of this name is served. */
  readonly serves: (name: string) => boolean;
}

function sipHosts(env: Env): readonly string[] {
  const several = Object.values(Object(JSON.parse(env.WATSON_SIP_HOSTS || '{}'))).map(String);
  return env.WATSON_SIP_HOST ? [...several, env.WATSON_SIP_HOST] : several;
}

/** The host of a SIP URI, with its port: what stands between "@" and the parameters or headers. */
const hostOf = (uri: string) => /@([^;?]+)/.exec(uri)?.[1] ?? '';

/** The assistant without its API. */
export function watsonTwin({ env, faults, clock, ...parts }: WatsonParts): WatsonTwin {
  let behaviour: AssistantScript = {};
  const calls: AssistantCall[] = [];
  const webhooks = assistantWebhooks({ env, clock, ...parts });

  const { all, reset: forgetChats, ...chats } = watsonChats({ clock, webhooks, script: () => behaviour });

  const script: WatsonTwin['script'] = (given) => {
    behaviour = given;
  };
  return {
    answersAt: (uri) => sipHosts(env()).includes(hostOf(uri)),
    partyAt: (uri, leg) =>
      assistantParty(uri, leg, {
        ...{ script: behaviour, faults, clock, webhooks },
        answered: (call) => void calls.push(call),
        knows: (call) => calls.includes(call),
      }),
    calls: () => calls,
    scripted: () => behaviour,
    script,
    ...chats,
    requests: {
      'GET /_stage/watson': () => calls,
      'GET /_stage/watson/chats': all,
      'POST /_stage/watson/script': takes(assistantScript, script),
      'POST /_stage/watson/say': takes(said, ({ sessionId, userId, text }) => chats.say(sessionId, userId, text)),
    },
    reset() {
      behaviour = {};
      calls.length = 0;
      forgetChats();
    },
  };
}

/** The assistant with its API, which listens on a port of its own. */
export async function openWatsonTwin(
  parts: WatsonParts & TwinParts,
): Promise<WatsonTwin & { readonly listener: Listener }> {
  const twin = watsonTwin(parts);
  const sessions = assistantSessions({ ...parts, script: twin.scripted });
  const listener = await openTwin(parts, {
    vendor: 'watson',
    answer: sessions.answer,
    problem: (status) => ({
      ...refused(status, status === 429 ? 'Too Many Requests' : 'Internal Server Error'),
      headers: status === 429 ? { 'retry-after': '1' } : {},
    }),
  });
  return {
    ...twin,
    listener,
    requests: { ...twin.requests, 'GET /_stage/watson/sessions': sessions.all },
    reset() {
      twin.reset();
      sessions.reset();
    },
  };
}

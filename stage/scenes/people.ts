import { randomBytes, randomInt } from 'node:crypto';
import type { HttpAnswer } from '../../shared/core/http.ts';
import type { Env } from '../../shared/core/settings.ts';
import type { StageClock } from '../clock.ts';
import { secretOf, sessionToken } from '../session.ts';
import type { SendWebhook } from '../webhooks.ts';
import { seen } from './scene.ts';

/** Longer than any function takes. */
const WAIT_MS = 10_000;

interface Parts {
  readonly sendWebhook: SendWebhook;
  readonly settings: Env;
  readonly clock: StageClock;
}

/** A phone number that nobody has used before: what is limited for each number counts from the start. */
export const newNumber = () => `+1500555${randomInt(2_000, 10_000)}`;

/** A name that nobody has used before. */
export const newName = (of: string) => `${of}-${randomBytes(4).toString('hex')}`;

/** What a JSON answer says. Throws `NotSeen` when it is not a success. */
function said(answer: HttpAnswer | undefined, what: string): Readonly<Record<string, unknown>> {
  const { status = 0, body = '' } = answer ?? {};
  seen(status >= 200 && status < 300, `${what}, not ${status || 'no answer'}: ${body}`);
  return body === '' ? {} : JSON.parse(body);
}

/** Whoever is not a phone: a visitor of a site, its bot, an agent at a screen. */
export interface Others {
  /** A visitor of the site asks to be called, or how a call stands. */
  wish(sub: string, body: object): Promise<Readonly<Record<string, unknown>>>;
  /** A visitor opens a chat with people, or does something else about it; resolves to what `flex-token` answers. */
  chat(sub: string, body: object): Promise<Readonly<Record<string, unknown>>>;
  /** A bot asks whether it may answer; `more` is what else it says in the plain form, as that a person is wanted. */
  ask(conversationId: string, more?: object): Promise<Readonly<Record<string, unknown>>>;
  /** A bot tells what was said. */
  tell(conversationId: string, lines: readonly { readonly by: string; readonly text: string }[]): Promise<void>;
  /** What an agent sees of a handover by their own session, or of all that are open. */
  view(query: string, agent?: string): Promise<Readonly<Record<string, unknown>>>;
  /** What a link opens, without any session. */
  open(url: string): Promise<string>;
}

export function others({ sendWebhook, settings, clock }: Parts): Others {
  const base = settings.PUBLIC_BASE_URL ?? '';
  const session = (claims: Readonly<Record<string, unknown>>) => sessionToken(settings, clock.nowMs(), claims);

  async function post(vendor: string, name: string, authorization: string, body: object, headers = {}) {
    const answer = await sendWebhook({
      ...{ vendor, method: 'POST', url: `${base}/${name}`, body: JSON.stringify(body), waitMs: WAIT_MS },
      headers: { 'content-type': 'application/json', authorization, ...headers },
    });
    return said(answer, `${name} takes what the ${vendor} asks`);
  }

  const botToken = () => secretOf(settings, 'BOT_ACCESS_TOKEN').split(' ')[0] ?? '';
  async function asVisitor(sub: string, name: string, body: object) {
    const origin = settings.ALLOWED_ORIGINS?.split(' ')[0] ?? '';
    return post('visitor', name, `Bearer ${await session({ sub })}`, body, { origin });
  }

  return {
    wish: (sub, body) => asVisitor(sub, 'click-to-call', body),
    chat: (sub, body) => asVisitor(sub, 'flex-token', body),
    ask: (conversationId, more) => post('bot', 'pause-check', botToken(), { conversationId, ...more }),
    async tell(conversationId, lines) {
      await post('bot', 'bot-events', botToken(), { conversationId, lines });
    },
    async view(query, agent = 'ada') {
      const answer = await sendWebhook({
        ...{ vendor: 'agent', method: 'GET', url: `${base}/agent-view${query}`, body: '', waitMs: WAIT_MS },
        headers: {
          authorization: `Bearer ${await session({ sub: agent, role: 'agent' })}`,
          accept: 'application/json',
        },
      });
      return said(answer, 'agent-view answers the agent');
    },
    async open(url) {
      const answer = await sendWebhook({
        ...{ vendor: 'agent', method: 'GET', url, body: '', waitMs: WAIT_MS },
        headers: { accept: 'text/html' },
      });
      const { status = 0, body = '' } = answer ?? {};
      seen(status === 200, `the link opens a page, not ${status || 'no answer'}`);
      return body;
    },
  };
}

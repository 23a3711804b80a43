import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, expect, onTestFinished } from 'vitest';
import { buildWeb } from '../../scripts/build/web.ts';
import type { Env } from '../../shared/core/settings.ts';
import type { Flex } from '../../stage/twins/twilio/flex/flex.ts';
import type { Task } from '../../stage/twins/twilio/flex/task-life.ts';
import type { ConversationEvent } from '../../web/service-desk/conversation.ts';
import type * as TwilioConversation from '../../web/service-desk/twilio-conversation.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { type StageOfFile, stageOfFile } from './stage-of-file.ts';

/** A visitor with Twilio's own client in their browser. */
interface Visitor {
  readonly identity: string;
  readonly conversationSid: string;
  /** What the client told, in short words. */
  heard(): readonly string[];
  say(text: string): Promise<number>;
  type(): Promise<void>;
  read(index: number): Promise<void>;
}

interface FlexShown {
  readonly tasks: readonly Task[];
  readonly interactions: ReturnType<Flex['interactions']['all']>;
  readonly conversations: ReturnType<Flex['conversations']['all']>;
  readonly socket: { readonly path: string; readonly open: number };
}

/** A stage with the agents of Flex. */
export interface FlexStage extends StageOfFile {
  flex(): Promise<FlexShown>;
  tasks(): Promise<readonly Task[]>;
  /** An agent does something: one of the stage's requests under `/_stage/flex/`. */
  does(what: string, input?: object): Promise<unknown>;
  /** Somebody opens a web chat through `flex-token`. */
  visitor(sub: string, body?: object): Promise<Visitor>;
  /** The events that Twilio sent, oldest first: their forms. */
  told(eventType?: RegExp): Promise<readonly Record<string, string>[]>;
}

const shortly = (event: ConversationEvent): string => {
  switch (event.kind) {
    case 'joined':
      return `${event.agent.id} joined`;
    case 'left':
      return `${event.agentId} left`;
    case 'said':
      return `${event.said.isMine ? 'mine' : event.said.agentId}: ${event.said.text}`;
    case 'typing':
      return `${event.agentId} ${event.isTyping ? 'types' : 'types no more'}`;
    case 'read':
      return `${event.agentId} has read ${event.index}`;
    default:
      return event.kind;
  }
};

export function flexStage(given: Env = {}): FlexStage {
  const stage = stageOfFile(given);
  const folder = temporaryFolder();
  let joinTwilioConversation: typeof TwilioConversation.joinTwilioConversation;
  beforeAll(async () => {
    // What runs in browsers looks for it there.
    Object.assign(globalThis, { self: globalThis });
    await buildWeb(folder);
    const file = pathToFileURL(join(folder, 'web/conversations-client.mjs')).href;
    ({ joinTwilioConversation } = await import(file));
  });
  const flex = () => stage.ask<FlexShown & Record<string, unknown>>('GET', '/_stage/flex');

  return Object.assign(stage, {
    flex,
    tasks: async () => (await flex()).tasks,
    does: (what: string, input: object = {}) => stage.ask('POST', `/_stage/flex/${what}`, input),
    async visitor(sub: string, body: object = {}): Promise<Visitor> {
      const { token: session } = await stage.ask<{ token: string }>('POST', '/_stage/session', { sub });
      const headers = { origin: stage.url, authorization: `Bearer ${session}`, 'content-type': 'application/json' };
      const answer = await stage.send('/flex-token', { method: 'POST', headers, body: JSON.stringify(body) });
      expect(answer.status).toBe(200);
      const pass = (await answer.json()) as { token: string; identity: string; conversationSid: string };
      const { socket } = await flex();
      const Twilsock = { uri: `${stage.url.replace('http', 'ws')}${socket.path}` };
      const heard: string[] = [];
      const conversation = await joinTwilioConversation(
        { ...pass, endsAtMs: 0 },
        (event) => event.kind !== 'connection' && heard.push(shortly(event)),
        { Twilsock },
      );
      onTestFinished(() => conversation.disconnect(false));
      return {
        ...pass,
        heard: () => heard.filter((line) => !line.startsWith('mine')),
        say: conversation.send,
        type: conversation.typing,
        read: conversation.markRead,
      };
    },
    async told(eventType = /./) {
      const events = (await stage.events()).filter(
        ({ vendor, direction, url }) => vendor === 'twilio' && direction === 'in' && url.includes('/desk-events'),
      );
      return events
        .map(({ body }) => Object.fromEntries(new URLSearchParams(body)))
        .filter(({ EventType = '' }) => eventType.test(EventType));
    },
  });
}

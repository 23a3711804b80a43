import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createContext, Script } from 'node:vm';
import { afterEach, beforeAll, expect, onTestFinished } from 'vitest';
import { buildWeb } from '../../scripts/build/web.ts';
import { type PlayedConversation, playedConversation } from '../../web/carbon-ai-chat/played-conversation.ts';
import type { ServiceDesk } from '../../web/service-desk/chat-contract.ts';
import type * as ServiceDesks from '../../web/service-desk/index.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { type FlexTokenTwin, flexTokenTwin } from './flex-token-twin.ts';
import { type HandClock, handClock } from './hand-clock.ts';
import { type RecordedChat, recordedChat, type Shape } from './recorded-chat.ts';

type Bundle = Pick<typeof ServiceDesks, 'carbonServiceDesk' | 'watsonServiceDesk'>;

/** Everything about one chat in one browser tab. */
export interface DeskScene {
  readonly desk: ServiceDesk;
  readonly chat: RecordedChat;
  readonly people: PlayedConversation;
  readonly flexToken: FlexTokenTwin;
  readonly clock: HandClock;
  /** The page is loaded again: another service desk, with what the browser has kept. */
  reload(): Promise<Omit<DeskScene, 'reload'>>;
}

export type SceneOptions = Partial<ServiceDesks.ServiceDeskOptions>;

export const shapes: readonly Shape[] = ['Carbon AI Chat', 'watsonx web chat'];

/** The session storage of a tab, which a browser may refuse. */
function tabStorage(isRefused: boolean) {
  if (isRefused) {
    const refuse = () => {
      throw new Error('storage is off');
    };
    return { getItem: refuse, setItem: refuse };
  }
  const items = new Map<string, string>();
  return {
    getItem: (name: string) => items.get(name) ?? null,
    setItem: (name: string, value: string) => void items.set(name, value),
  };
}

/** What went wrong without that anybody was told; a browser has it in its console. */
const reported: unknown[] = [];
function reportError(error: unknown): void {
  reported.push(error);
}

/** What a page has that a script may use. */
const page = { fetch, URL, AbortController, TextDecoder, setTimeout, clearTimeout, atob, reportError };

/**
 * Service desks from the files that `npm run build` writes: Carbon AI Chat from the module, the web chat from the script, as
 * each is used.
 */
export function builtDesks(
  mayFail = false,
): (shape: Shape, options?: SceneOptions, storage?: 'no storage') => Promise<DeskScene> {
  const folder = temporaryFolder();
  let module: Bundle;
  let script: Script;
  beforeAll(async () => {
    await buildWeb(folder);
    module = await import(pathToFileURL(join(folder, 'web/service-desk.mjs')).href);
    script = new Script(`${readFileSync(join(folder, 'web/service-desk.js'), 'utf8')};HandoverServiceDesk`);
    Object.assign(globalThis, { reportError });
  });
  afterEach(() => {
    const errors = reported.splice(0);
    if (!mayFail) expect(errors).toEqual([]);
  });

  return async (shape, options = {}, asked = undefined) => {
    const flexToken = await flexTokenTwin();
    onTestFinished(() => flexToken.close());
    const clock = handClock();
    flexToken.nowMs = clock.nowMs;
    const people = playedConversation();
    const storage = tabStorage(asked === 'no storage');
    const given = { url: flexToken.url, session: () => 'session-1', join: people.join, clock, ...options };

    async function load(kept: unknown) {
      const chat = recordedChat(shape, kept);
      const { callback } = chat;
      if (shape === 'Carbon AI Chat') chat.desk = await module.carbonServiceDesk(given)({ callback });
      else {
        const window = { ...page, sessionStorage: storage };
        const { watsonServiceDesk } = script.runInContext(createContext(window)) as Bundle;
        chat.desk = watsonServiceDesk(given)({ callback });
      }
      return { desk: chat.desk, chat, people, flexToken, clock };
    }

    const first = await load(undefined);
    return {
      ...first,
      async reload() {
        people.unload();
        return load(first.chat.kept);
      },
    };
  };
}

/** An answer of the assistant that asks for a person. */
export const connectMessage = (item: object = {}, context?: object) => ({
  output: {
    generic: [
      { response_type: 'text', text: 'One moment.' },
      { response_type: 'connect_to_agent', ...item },
    ],
  },
  ...(context === undefined ? {} : { context }),
});

/** A file that a customer selects. */
export const upload = (id: string, name: string, type: string, bytes = 10) => ({
  id,
  file: new File([new Uint8Array(bytes)], name, { type }),
});

export const says = (desk: ServiceDesk, text: string, id = 'm-1') =>
  desk.sendMessageToAgent({ input: { text } }, id, {});

/** Resolves when whatever was asked of the function until now has reached it. */
export async function settled({ desk }: Pick<DeskScene, 'desk'>): Promise<void> {
  await desk.areAnyAgentsOnline({});
}

/** The same scene when an agent has come. What the chat was told until then is forgotten. */
export async function answered(scene: DeskScene, agent = 'Ada'): Promise<DeskScene> {
  await scene.desk.startChat(connectMessage());
  scene.people.joins(agent);
  await expect.poll(() => scene.chat.lines).toContain(`joined ${agent}`);
  scene.chat.forget();
  return scene;
}

/** Lets time pass until something has happened. */
export async function inTime<T>({ clock }: DeskScene, happening: Promise<T>): Promise<PromiseSettledResult<T>> {
  let settled: PromiseSettledResult<T> | undefined;
  void Promise.allSettled([happening]).then(([result]) => {
    settled = result;
  });
  await expect
    .poll(
      () => {
        if (settled === undefined) clock.advance(1_000);
        return settled !== undefined;
      },
      { timeout: 10_000, interval: 10 },
    )
    .toBe(true);
  return settled as PromiseSettledResult<T>;
}

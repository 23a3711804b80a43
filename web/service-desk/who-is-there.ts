import * as v from 'valibot';
import { plainText } from '../../shared/core/plain-text.ts';
import { isPublicPicture } from '../../shared/core/public-picture.ts';
import type { ChatView, ShownAgent } from './chat-view.ts';
import { type BrowserClock, within } from './clock.ts';
import type { Agent } from './conversation.ts';

/** How long a name may take; a customer should see that somebody came even without it. */
const PROFILE_LIMIT_MS = 2_000;

/**
 * How long the last agent may be gone before the customer is told. Flex takes an agent out right before it closes a chat
 * or brings in the next one, so most of the time something better can be told by then.
 */
const SETTLE_MS = 1_500;

const nameOf = v.fallback(v.optional(plainText(100)), undefined);

/** What customers see of an agent: never the id, and a picture only from a public place over https. */
async function shown(agent: Agent, clock: BrowserClock, unnamed: string): Promise<ShownAgent> {
  const profile = await within(clock, PROFILE_LIMIT_MS, agent.profile(), undefined).catch(() => undefined);
  const { avatarUrl } = profile ?? {};
  return {
    id: agent.id,
    nickname: v.parse(nameOf, profile?.name) ?? unnamed,
    avatarUrl: typeof avatarUrl === 'string' && isPublicPicture(avatarUrl) ? avatarUrl : undefined,
  };
}

interface PresenceParts {
  readonly view: ChatView;
  readonly clock: BrowserClock;
  readonly unnamed: string;
  /** Runs something after all that is being shown now. */
  readonly later: (task: () => Promise<void>) => void;
  /** Hears the agent whom the chat shows from now on. */
  readonly onShown: (agentId: string | undefined) => void;
  /** The first agent is there. */
  readonly onAnswered: () => void;
}

export interface Presence {
  joined(agent: Agent): Promise<void>;
  left(agentId: string): Promise<void>;
  /** After a reload: the chat still shows the agent of before, or none. */
  resumed(agents: readonly Agent[], shownId: string | undefined): Promise<void>;
  typing(agentId: string, isTyping: boolean): Promise<void>;
  /** Whether anybody came, be they gone or not. */
  readonly wasAnybody: boolean;
  /** An agent says something, so they type no more. Tells whether they are there: the chat knows nobody else. */
  speaks(agentId: string): Promise<boolean>;
  stop(): void;
}

/** The last agent, who is gone without that the customer has been told. */
interface Gone {
  readonly id: string;
  cancel(): void;
}

/** Who is in a chat, told so that the chat shows the right name: leaving is not ending, and the last to come is shown. */
export function whoIsThere({ view, clock, unnamed, later, onShown, onAnswered }: PresenceParts): Presence {
  const there = new Map<string, ShownAgent>();
  const typing = new Set<string>();
  let current: string | undefined;
  let wasAnybody = false;
  let gone: Gone | undefined;

  function show(id: string | undefined): void {
    current = id;
    onShown(id);
  }

  async function tellTyping(id: string, isTyping: boolean): Promise<void> {
    const before = typing.size > 0;
    if (isTyping) typing.add(id);
    else typing.delete(id);
    if (typing.size > 0 !== before) await view.typing(isTyping);
  }

  async function tellGone(who: Gone): Promise<void> {
    if (gone !== who) return;
    gone = undefined;
    show(undefined);
    await view.left();
  }

  async function joined(agent: Agent): Promise<void> {
    if (there.has(agent.id)) return;
    const before = gone;
    gone?.cancel();
    gone = undefined;
    const profile = await shown(agent, clock, unnamed);
    there.set(agent.id, profile);
    if (!wasAnybody) onAnswered();
    wasAnybody = true;
    // Back before anybody noticed.
    if (before?.id === agent.id) return;
    show(agent.id);
    if (before) await view.transferring();
    await view.joined(profile);
  }

  async function left(id: string): Promise<void> {
    if (!there.delete(id)) return;
    await tellTyping(id, false);
    const [next] = [...there.values()].reverse();
    if (!next) {
      const mine = { id, cancel: clock.after(SETTLE_MS, () => later(() => tellGone(mine))) };
      gone = mine;
    } else if (id === current) {
      await view.left();
      show(next.id);
    } else {
      // The chat would give the name of whoever came last to those who leave.
      await view.transferring(there.get(current ?? '') ?? next);
    }
  }

  return {
    joined,
    left,
    async resumed(agents, shownId) {
      const same = agents.find(({ id }) => id === shownId);
      wasAnybody = true;
      if (same) {
        there.set(same.id, await shown(same, clock, unnamed));
        show(same.id);
      } else if (shownId !== undefined) {
        show(undefined);
        await (agents.length > 0 ? view.transferring() : view.left());
      }
      for (const agent of agents) await joined(agent);
    },
    typing: async (id, isTyping) => {
      if (there.has(id)) await tellTyping(id, isTyping);
    },
    get wasAnybody() {
      return wasAnybody;
    },
    async speaks(id) {
      await tellTyping(id, false);
      return there.has(id);
    },
    stop: () => gone?.cancel(),
  };
}

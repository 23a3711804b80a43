import type { BotPlatform } from '../../shared/core/handover/bot.ts';
import type { Desk } from '../../shared/core/handover/desk.ts';
import type { Table } from '../../shared/core/table.ts';
import { type ChatWorld, chatWorld } from './chat-world.ts';
import { wrapTable } from './jittery-table.ts';

const never = (): Promise<never> => new Promise(() => {});

/** The same world seen by an instance that is killed at one of its steps, and how many steps it has made. */
export interface DyingWorld {
  readonly world: ChatWorld;
  steps(): readonly string[];
}

/**
 * Another instance over the table, desk and platform of `world`, killed at its step number `at`, before or after that step
 * takes effect: from then on nothing it asks for happens and nothing comes back.
 */
export function dyingWorld(world: ChatWorld, at: number, when: 'before' | 'after'): DyingWorld {
  const steps: string[] = [];
  let isDead = false;
  async function step<T>(name: string, does: () => Promise<T>): Promise<T> {
    if (isDead) return never();
    steps.push(name);
    const isLast = steps.length === at;
    if (isLast && when === 'before') isDead = true;
    if (isDead) return never();
    const result = await does();
    if (isLast) isDead = true;
    return isDead ? never() : result;
  }
  const table: Table = wrapTable(world.table, (name, does) => step(name, does));
  const desk: Desk = {
    open: (...args) => step('desk.open', () => world.desk.desk.open(...args)),
    tell: (...args) => step('desk.tell', () => world.desk.desk.tell(...args)),
  };
  const platform: BotPlatform = {
    show: (...args) => step('platform.show', () => world.platform.platform.show(...args)),
  };
  return {
    world: chatWorld({
      clock: world.clock,
      conversationId: world.conversationId,
      table,
      desk: { ...world.desk, desk },
      platform: { ...world.platform, platform },
    }),
    steps: () => steps,
  };
}

/** Somebody asks for a person, and the instance dies when the desk has just taken it. It is under way when this resolves. */
export async function diesAfterDesk(world: ChatWorld): Promise<void> {
  const all = dyingWorld(chatWorld(), Number.POSITIVE_INFINITY, 'after');
  await all.world.asks('Help');
  void dyingWorld(world, all.steps().indexOf('desk.open') + 1, 'after')
    .world.asks('Help')
    .catch(() => {});
}

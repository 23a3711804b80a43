import type { BotPlatform } from '../../shared/core/handover/bot.ts';
import type { Desk, HandoverRef, ToDesk } from '../../shared/core/handover/desk.ts';
import { Problem } from '../../shared/core/problems.ts';
import type { Table } from '../../shared/core/table.ts';
import { type Behaviour, type ChatWorld, chatWorld, type DeskModel, type PlatformModel } from './chat-world.ts';
import { wrapTable } from './jittery-table.ts';
import type { RunningClock } from './running-clock.ts';

/** Numbers from 0 to 1 that look like chance and are the same for the same seed. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** How much goes wrong, as shares of all steps of table, desk and platform. */
export interface Faults {
  readonly faulty: number;
  /** Steps at which the instance is killed that makes them. */
  readonly deadly: number;
}

/** What all instances share. */
export interface FaultParts {
  readonly clock: RunningClock;
  readonly table: Table;
  readonly desk: DeskModel;
  readonly platform: PlatformModel;
  readonly random: () => number;
  readonly faults: Faults;
  /** Hears of every event that comes to the desk's door, taken or not, and whether the table had it before. */
  readonly atDoor: (ref: HandoverRef, event: ToDesk, isWrittenDown: boolean) => void;
}

const faultsOfOthers: readonly Behaviour[] = ['refuses', 'unreachable', 'hangs', 'breaks-off-after'];
const never = (): Promise<never> => new Promise(() => {});

/**
 * One instance after another for one conversation: each step of theirs may fail, before or after it takes effect, and each may be the
 * last of the instance that makes it. Gives the instance that lives now.
 */
export function mortals(parts: FaultParts, conversationId: string, inDoubt: 'bot' | 'person'): () => ChatWorld {
  const { clock, random, faults } = parts;
  const chance = (share: number): boolean => random() < share;

  function born(): { readonly world: ChatWorld; isDead(): boolean } {
    let isDead = false;
    async function step<T>(does: () => Promise<T>): Promise<T> {
      if (isDead) return never();
      const isLast = chance(faults.deadly);
      if (isLast && chance(0.5)) isDead = true;
      if (isDead) return never();
      const result = await does();
      if (isLast) isDead = true;
      return isDead ? never() : result;
    }
    const behaviour = (): Behaviour =>
      chance(faults.faulty) ? (faultsOfOthers[Math.floor(random() * faultsOfOthers.length)] ?? 'well') : 'well';
    async function tableStep<T>(does: () => Promise<T>): Promise<T> {
      const isFaulty = chance(faults.faulty);
      if (chance(0.3)) await clock.sleep(1 + random() * 20);
      if (isFaulty && chance(0.5)) throw new Problem('state_unavailable');
      const result = await does();
      if (isFaulty) throw new Problem('state_unavailable');
      return result;
    }
    const at = <T>(model: DeskModel | PlatformModel, does: () => Promise<T>) =>
      step(() => {
        model.behave(behaviour());
        return does();
      });
    const desk: Desk = {
      open: (...args) => at(parts.desk, () => parts.desk.desk.open(...args)),
      tell(...args) {
        return at(parts.desk, () => {
          parts.atDoor(args[0], args[1], args[4] !== undefined);
          return parts.desk.desk.tell(...args);
        });
      },
    };
    const platform: BotPlatform = {
      show: (...args) => at(parts.platform, () => parts.platform.platform.show(...args)),
    };
    return {
      isDead: () => isDead,
      world: chatWorld({
        clock,
        conversationId,
        inDoubt,
        table: wrapTable(parts.table, (_, does) => step(() => tableStep(does))),
        desk: { ...parts.desk, desk },
        platform: { ...parts.platform, platform },
      }),
    };
  }

  let living = born();
  return () => {
    if (living.isDead()) living = born();
    return living.world;
  };
}

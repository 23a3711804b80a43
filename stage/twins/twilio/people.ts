import * as v from 'valibot';
import type { Env } from '../../../shared/core/settings.ts';
import { hangUpPoints, type Party, type Script, type ScriptedParty, scriptedParty } from './voice/party.ts';

/** How somebody behaves, as it is said to the stage. */
export const scriptInput = v.strictObject({
  name: v.optional(v.string()),
  answers: v.optional(v.picklist(['human', 'machine', 'busy', 'no-answer', 'failed'])),
  presses: v.optional(v.array(v.string())),
  speaks: v.optional(v.array(v.string())),
  waits: v.optional(v.boolean()),
  says: v.optional(v.array(v.string())),
  ends: v.optional(v.picklist(['hang-up', 'stay'])),
  hangsUpAt: v.optional(v.picklist(hangUpPoints)),
  mumbles: v.optional(v.boolean()),
});

/** Who has which phone. */
export interface People {
  /** From now on whoever answers at this number behaves so. */
  script(number: string, script: Script): void;
  /** Somebody at a phone of their own, without a number to be called at. */
  somebody(name: string, script: Script): ScriptedParty;
  /** Who answers at a number or client. */
  at(address: string): Party;
  reset(): void;
}

/** Without a script, whoever sits at one of `AGENT_NUMBERS` accepts every call, and everybody else picks up and listens. */
export function people(env: () => Env): People {
  const scripts = new Map<string, Script>();
  const isAgent = (number: string) => (env().AGENT_NUMBERS ?? '').split(/\s+/).includes(number);
  return {
    script: (number, script) => scripts.set(number, script),
    somebody: scriptedParty,
    at(address) {
      const script = scripts.get(address);
      if (script) return scriptedParty(address, script);
      if (!isAgent(address)) return scriptedParty(address, {});
      return scriptedParty('agent', { presses: ['1', '1', '1'], says: ['Hello, how can I help?'] });
    },
    reset: () => scripts.clear(),
  };
}

import { membersAt } from '../../core/at.ts';
import type { Return } from '../../core/handover/ownership.ts';

type Payload = Readonly<Record<string, unknown>>;

/**
 * Where each kind of skill keeps what all of it can read: what the builder calls session variables in actions, context
 * variables in a dialog. Source: the types of ibm-watson 12 and cloud.ibm.com/docs/watson-assistant, api-client-get-context,
 * read 2026-11-28.
 */
const PLACES = [
  ['actions skill', 'skill_variables'],
  ['main skill', 'user_defined'],
] as const;

/** What desks say, in Botcopy's words, where the bot is to begin with nothing of theirs. */
const NO_EVENT = /^(default|none)$/;

/**
 * The payload with what the assistant should know of a handover that is over: `handover_ended`, and `handover_event` where
 * it is known what to begin with. Told to the skills that the payload names, and to both kinds where it names none.
 */
export function tellReturn(payload: Payload, { reason, botEvent }: Return): Payload {
  const begins = botEvent === undefined || NO_EVENT.test(botEvent) ? {} : { handover_event: botEvent };
  const told = { handover_ended: reason, ...begins };
  const context = membersAt(payload, 'context');
  const skills = membersAt(context, 'skills');
  const named = PLACES.filter(([skill]) => Object.hasOwn(skills, skill));
  const changed = (named.length > 0 ? named : PLACES).map(([name, place]) => {
    const skill = membersAt(skills, name);
    return [name, { ...skill, [place]: { ...membersAt(skill, place), ...told } }] as const;
  });
  return { ...payload, context: { ...context, skills: { ...skills, ...Object.fromEntries(changed) } } };
}

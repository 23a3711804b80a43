import { helpdeskBot } from '../../shared/bots/helpdesk/index.ts';
import type { HelpdeskParts } from '../../shared/bots/helpdesk/parts.ts';
import { words } from '../../shared/bots/helpdesk/words-en.ts';
import { channelIn } from '../../shared/core/voice-bot/words/index.ts';
import { helpdeskParts } from './helpdesk-call.ts';
import { memoryIncidents, user } from './helpdesk-ports.ts';
import { helpdesk } from './voice-calls.ts';

/** A call as somebody wrote it down: what the recogniser made of each answer, and what should come of it. */
export interface SpokenCall {
  readonly id: string;
  readonly kind: string;
  readonly task: 'open' | 'status' | 'agent';
  /** By what is asked for; who is asked again says the next one, and the last one for ever. */
  readonly says: Readonly<Record<string, readonly string[]>>;
  readonly expect: {
    readonly email?: string;
    readonly priority?: string;
    readonly title?: string;
    readonly titleHas?: readonly string[];
    readonly descriptionHas?: readonly string[];
  };
}

/** Somebody who is asked more often than this has not been helped. */
const MOST_TURNS = 30;
const PIN = '2468';
const TICKET = 'INC7777777';

/** What is asked, by words of the question. */
const questions: readonly (readonly [string, string])[] = [
  [words.askEmail, 'email'],
  [words.spellIt, 'email'],
  [words.askPriority, 'priority'],
  [words.askDescription, 'description'],
  [words.askTitle, 'title'],
  [words.shouldIOpen, 'confirm'],
  [words.askPin, 'pin'],
  ['Is that right?', 'read-back'],
  [words.anythingElse, 'end'],
  [words.whatCanIDo, 'wish'],
  [words.whatElse, 'wish'],
  [words.notUnderstood, 'wish'],
];

/** The question that was asked last. */
function askedIn(said: string): string {
  const asked = questions.map(([text, name]) => [said.lastIndexOf(text), name] as const);
  const [at, name] = asked.toSorted(([a], [b]) => b - a)[0] ?? [-1, ''];
  return at < 0 ? 'wish' : name;
}

const has = (text: string, parts: readonly string[] = []): boolean =>
  parts.every((part) => text.toLowerCase().includes(part.toLowerCase()));

/** Plays a call through the function. Resolves to what went wrong; undefined where the caller got what they wanted. */
export async function play(
  call: SpokenCall,
  understanding: HelpdeskParts['understanding'],
): Promise<string | undefined> {
  const { says, expect, task } = call;
  const email = expect.email ?? 'jane@example.com';
  const ticket = { number: TICKET, title: 'Lamp', openedAtMs: 0, state: 'new' as const };
  const { incidents, opened } = memoryIncidents([user(email, { pin: PIN, tickets: [ticket] })]);
  const { caller } = helpdesk({ bot: helpdeskBot(helpdeskParts({ understanding, incidents, hasPins: true })) });
  const phone = caller();
  const times = new Map<string, number>();
  function next(name: string, fallback?: string): string {
    const nth = times.get(name) ?? 0;
    times.set(name, nth + 1);
    return says[name]?.[nth] ?? says[name]?.at(-1) ?? fallback ?? '';
  }
  const rightBack = words.isThatRight(understanding.spelledOut(email));

  let heard = await phone.calls();
  const all: string[] = [];
  for (let turn = 0; turn < MOST_TURNS; turn++) {
    all.push(heard.said);
    if (heard.ends === 'Redirect' && heard.leadsTo.includes('helpdesk-call')) {
      heard = await phone.waits();
      continue;
    }
    if (heard.ends !== 'Gather') break;
    const asked = askedIn(heard.said);
    if (asked === 'end') break;
    if (asked === 'pin') {
      heard = await phone.presses(PIN);
      continue;
    }
    const isRight = heard.said.includes(rightBack);
    const answer = asked === 'read-back' ? (isRight ? next('yes', 'yes') : next('no', 'no')) : next(asked, 'yes');
    all.push(`> ${answer}`);
    heard = await phone.says(answer);
  }

  const said = all.join(' | ');
  // Who is not understood three times gets a person, too, but not because they asked for one.
  const isLost = said.includes(channelIn('en').words.notUnderstood);
  if (task === 'agent') return heard.leadsTo.includes('step=person') && !isLost ? undefined : `no person: ${said}`;
  if (task === 'status') return said.includes(TICKET) ? undefined : `no status: ${said}`;
  const [incident] = opened;
  if (!incident) return `nothing was opened: ${said}`;
  if (incident.callerId !== email) return `for nobody: ${said}`;
  if (incident.priority !== expect.priority) return `with priority ${incident.priority}: ${said}`;
  if (!has(incident.description, expect.descriptionHas))
    return `with the description "${incident.description}": ${said}`;
  const isTitled = expect.title === undefined ? has(incident.title, expect.titleHas) : incident.title === expect.title;
  return isTitled ? undefined : `with the title "${incident.title}": ${said}`;
}

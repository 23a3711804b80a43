import * as v from 'valibot';
import {
  jsonOf,
  optional,
  readAs,
  type SettingsGroup,
  type SettingsOf,
  settings,
  text,
  together,
} from '../settings.ts';
import { agentPhones } from './agent-phones.ts';
import { phoneNumber, phoneNumbers } from './phone-number.ts';

const queue = v.union([v.pipe(v.array(phoneNumber), v.minLength(1), v.readonly()), v.pipe(v.string(), phoneNumbers)]);

/** The key of a team in `AGENT_QUEUES`. It stands in our own URLs, never a number. */
const queueName = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(100));

const shape = together(
  agentPhones,
  settings({
    DESK: optional(text(40), undefined, { is: 'where people answer', example: 'webhook' }),
    AGENT_QUEUES: optional(
      v.pipe(
        jsonOf(
          v.pipe(
            v.unknown(),
            v.check((value) => !Array.isArray(value)),
            v.record(queueName, queue),
          ),
        ),
        v.transform((queues): ReadonlyMap<string, readonly string[]> => new Map(Object.entries(queues))),
      ),
      new Map<string, readonly string[]>(),
      { is: 'JSON, topic to the numbers of its team in the order to try; other topics go to AGENT_NUMBERS' },
    ),
    FLEX_WORKFLOW_SID: optional(v.pipe(v.string(), v.regex(/^WW[0-9a-f]{32}$/)), undefined, {
      is: 'TaskRouter workflow that finds an agent',
      example: 'WW00000000000000000000000000000001',
    }),
  }),
);

export type PhoneDeskSettings = SettingsOf<typeof shape>;

/** Where the people on the phone are: `AGENT_NUMBERS`, `AGENT_QUEUES`, `FLEX_WORKFLOW_SID` and which of them `DESK` means. */
export const phoneDeskSettings: SettingsGroup<PhoneDeskSettings> = readAs(shape, (env, faults) => {
  if (env.DESK === 'flex' && !env.FLEX_WORKFLOW_SID) faults.push('FLEX_WORKFLOW_SID is missing (DESK=flex needs it)');
  return shape.read(env, faults);
});

/** Where a caller finds people. */
export type PhoneDesk =
  | { readonly is: 'workflow'; readonly workflowSid: string }
  /** Numbers to try in this order. None: there is nobody. */
  | { readonly is: 'phones'; readonly queue: string | undefined; readonly numbers: readonly string[] };

const folded = (text: string | undefined) => text?.trim().toLowerCase();

/** The numbers to try for a team, or for everybody else. Where only teams have numbers, everybody else may try them all. */
export function numbersOf(
  { AGENT_NUMBERS, AGENT_QUEUES }: PhoneDeskSettings,
  queue: string | undefined,
): readonly string[] {
  const team = queue === undefined ? undefined : AGENT_QUEUES.get(queue);
  if (team) return team;
  return AGENT_NUMBERS.length > 0 ? AGENT_NUMBERS : [...new Set([...AGENT_QUEUES.values()].flat())];
}

/**
 * Where a call finds people. `DESK=flex` and `DESK=phone` say it. Otherwise a call that came in goes to the workflow when
 * there is one, and one that we placed (`placed`) to phones when there are some.
 */
export function phoneDesk(
  settings: PhoneDeskSettings,
  { topic, placed }: { readonly topic: string | undefined; readonly placed: boolean },
): PhoneDesk {
  const { DESK, FLEX_WORKFLOW_SID, AGENT_QUEUES } = settings;
  const queue = [...AGENT_QUEUES.keys()].find((name) => folded(name) === folded(topic));
  const numbers = numbersOf(settings, queue);
  const isPhones = DESK === 'phone' || (DESK !== 'flex' && placed && numbers.length > 0);
  if (FLEX_WORKFLOW_SID === undefined || isPhones) return { is: 'phones', queue, numbers };
  return { is: 'workflow', workflowSid: FLEX_WORKFLOW_SID };
}

/** The same where there is no point in calling anybody without people who could talk to them. */
export const staffedDesk: SettingsGroup<PhoneDeskSettings> = readAs(phoneDeskSettings, (env, faults) => {
  const before = faults.length;
  const own = phoneDeskSettings.read(env, faults);
  if (faults.length > before) return own;
  const desk = phoneDesk(own, { topic: undefined, placed: true });
  if (desk.is === 'phones' && desk.numbers.length === 0)
    faults.push('AGENT_NUMBERS is missing (numbers of the phone desk; AGENT_QUEUES or FLEX_WORKFLOW_SID would do)');
  return own;
});

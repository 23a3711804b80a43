import { expect, test } from 'vitest';
import { callSidOf, helpdesk, scriptedBot } from '../support/voice-calls.ts';

const PHONE = '+15005550001';
const VOUCHED = 'TN-Validation-Passed-A';

/** Who calls, as the bot has it in the first turn and in the second, by what Twilio says in each. */
async function known(first: object, second: object) {
  const bot = scriptedBot(() => ({ says: [{ text: 'Hm.' }] }));
  const caller = helpdesk({ bot }).caller(callSidOf(1), {});
  await caller.again({ ...first });
  await caller.says('hello', { ...second });
  return bot.turns.map((turn) => turn.caller);
}

const from = (From: string, StirVerstat?: string) => ({ From, ...(StirVerstat && { StirVerstat }) });

test('a number for which the network vouches when the call comes in is vouched for in all of it', async () => {
  const caller = { phone: PHONE, isAttested: true };
  expect(await known(from(PHONE, VOUCHED), from(PHONE))).toEqual([caller, caller]);
  expect(await known(from(PHONE, VOUCHED), from(PHONE, VOUCHED))).toEqual([caller, caller]);
});

test.for([
  'TN-Validation-Passed-B',
  'TN-Validation-Passed-A-Diverted',
  'TN-Validation-Passed-A-Passthrough',
  'tn-validation-passed-a',
  'TN-Validation-Failed-A',
  'No-TN-Validation',
  undefined,
])('one of which it says %s is not, whatever is said later', async (word) => {
  const caller = { phone: PHONE, isAttested: false };
  expect(await known(from(PHONE, word), from(PHONE, VOUCHED))).toEqual([caller, caller]);
});

test('nobody vouches for a number that is not shown', async () => {
  const nobody = { phone: undefined, isAttested: false };
  for (const hidden of ['+266696687', 'anonymous', 'client:bob', ''])
    expect(await known(from(hidden, VOUCHED), from(hidden, VOUCHED))).toEqual([nobody, nobody]);
});

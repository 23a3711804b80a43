import { askAgain, type Branch, NO, YES } from './branch.ts';
import type { SkillWords } from './skill-words.ts';

/** The number that the customer gave, and the call to it. */
export const keepPhone = (id: string, conditions: string): Branch => ({
  id,
  title: 'keep the number',
  conditions,
  context: { phone: '<? @phone.literal ?>' },
  goes: { to: 'call', at: 'body' },
});

const MESSAGE = '$webhook_result_1.message';
const keepCall = { call_request: '<? $webhook_result_1.requestId ?>' };

/** The call: reached only by a jump, and told truly whatever comes of it. */
export function call({ says, language, topic }: SkillWords): Branch {
  const parameters = {
    action: 'start_call',
    phone: '$phone',
    topic,
    language,
    conversationId: '$session_id',
    plate: '$plate',
    place: '$place',
    damage: '$damage',
  };
  const outcomes: readonly Branch[] = [
    {
      id: 'call_started',
      title: 'the call is under way',
      conditions: "$webhook_result_1.result == 'success'",
      context: keepCall,
      says: MESSAGE,
    },
    {
      id: 'call_bad_number',
      title: 'another number, please',
      conditions: "$webhook_result_1.code == 'invalid_phone'",
      says: MESSAGE,
      goes: { to: 'number_given', at: 'user_input' },
    },
    {
      id: 'call_uncertain',
      title: 'nobody knows yet',
      conditions: "$webhook_result_1.code == 'call_state_unknown'",
      context: keepCall,
      says: MESSAGE,
    },
    { id: 'call_refused', title: 'no call', conditions: '$webhook_result_1', says: MESSAGE },
    { id: 'call_not_asked', title: 'no answer', conditions: 'anything_else', says: says.callUnknown },
  ];
  return {
    id: 'call',
    title: 'call the customer',
    conditions: 'false',
    asks: { parameters, into: 'webhook_result_1' },
    children: outcomes,
  };
}

/** Whether a call is wanted, and at which number: reached by jumps from wherever a person is wanted. */
export function offer({ says }: SkillWords): readonly Branch[] {
  const accepted: Branch = {
    id: 'offer_accepted',
    title: 'a call is wanted',
    conditions: YES,
    goes: { to: 'ask_number', at: 'body' },
  };
  return [
    {
      id: 'offer',
      title: 'shall somebody call?',
      conditions: 'false',
      says: says.noCallYet,
      children: [
        keepPhone('offer_number', '@phone'),
        accepted,
        { id: 'offer_declined', title: 'no call', conditions: NO, says: says.noCall },
        ...askAgain('offer', 'offer_number', says.yesOrNo),
      ],
    },
    {
      id: 'ask_number',
      title: 'which number?',
      conditions: 'false',
      says: says.whichNumber,
      children: [
        keepPhone('number_given', '@phone'),
        { id: 'number_declined', title: 'no call', conditions: NO, says: says.noCall },
        ...askAgain('number', 'number_given', says.noNumber),
      ],
    },
  ];
}

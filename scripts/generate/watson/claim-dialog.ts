import { askAgain, type Branch, NO, personFirst, told, YES } from './branch.ts';
import { call, keepPhone, offer } from './call-dialog.ts';
import type { SkillWords } from './skill-words.ts';

function claim({ says, hail, otherDamage }: SkillWords): Branch {
  const place: Branch = {
    id: 'place',
    title: 'keep the place',
    conditions: 'true',
    context: { place: '<? input.text ?>' },
    says: says.noted,
    goes: { to: 'offer_number', at: 'user_input' },
  };
  const plate: Branch = {
    id: 'plate',
    title: 'keep the license plate',
    conditions: 'true',
    context: { plate: '<? input.text ?>' },
    says: says.where,
    children: [personFirst('place'), place],
  };
  const isHail: Branch = {
    id: 'is_hail',
    title: 'hail damage',
    conditions: YES,
    context: { damage: hail },
    says: says.whichPlate,
    children: [personFirst('plate'), plate],
  };
  const isOther: Branch = {
    id: 'is_other',
    title: 'another damage',
    conditions: NO,
    context: { damage: otherDamage },
    says: says.otherDamage,
    goes: { to: 'offer_number', at: 'user_input' },
  };
  const isDamage: Branch = {
    id: 'is_damage',
    title: 'hail damage?',
    conditions: YES,
    says: says.isItHail,
    children: [isHail, isOther, ...askAgain('hail', 'is_hail', says.yesOrNo)],
  };
  const isNoDamage: Branch = { id: 'is_no_damage', title: 'no damage', conditions: NO, says: says.whatElse };
  return {
    id: 'claim',
    title: 'claim',
    conditions: '#claim',
    says: says.isItDamage,
    children: [isDamage, isNoDamage, ...askAgain('claim', 'is_damage', says.yesOrNo)],
  };
}

/** The damage claim, and the call that a customer may want instead. */
export function claimDialog(words: SkillWords): readonly Branch[] {
  const { says, language } = words;
  return [
    {
      id: 'welcome',
      title: 'welcome',
      conditions: 'welcome',
      context: { phone: null, plate: null, place: null, damage: null, call_request: null },
      says: says.welcome,
    },
    told(
      { id: 'time', title: 'current time', conditions: '#time' },
      { parameters: { action: 'time', language, timeZone: '$timezone' }, into: 'webhook_result_2' },
      says.timeUnknown,
    ),
    claim(words),
    keepPhone('wanted_at_number', '#startcall && @phone'),
    {
      id: 'wanted',
      title: 'a call is asked for',
      conditions: '#startcall',
      goes: { to: 'ask_number', at: 'body' },
    },
    told(
      { id: 'call_status', title: 'how the call stands', conditions: '#callstatus && $call_request' },
      { parameters: { action: 'call_status', requestId: '$call_request', language }, into: 'webhook_result_3' },
      says.statusUnknown,
    ),
    {
      id: 'no_call_yet',
      title: 'no call was asked for',
      conditions: '#callstatus',
      goes: { to: 'offer', at: 'body' },
    },
    { id: 'capabilities', title: 'bot capabilities', conditions: '#bot_capabilities', says: says.capabilities },
    ...offer(words),
    call(words),
    { id: 'anything_else', title: 'anything else', conditions: 'anything_else', says: says.notUnderstood },
  ];
}

import type { Intent, Understanding } from '../../shared/bots/helpdesk/understanding.ts';

const wishes: readonly (readonly [RegExp, Intent])[] = [
  [/^(hi|hello|hey)\b/, 'greet'],
  [/\b(status|check|stand)\b/, 'incident_status'],
  [/\b(bot|robot|computer)\b.*\bare you|are you .*\b(bot|robot|human)\b/, 'bot_challenge'],
  [/\bother bot|another bot/, 'bot_handoff'],
  [/\b(agent|human|person)\b/, 'human_handoff'],
  [/\bpassword\b/, 'password_reset'],
  [/\b(open|create)\b/, 'open_incident'],
  [/\b(email|outlook)\b/, 'problem_email'],
  [/\b(start over|restart)\b/, 'restart'],
  [/\b(cancel|stop)\b/, 'cancel'],
  [/\bthank/, 'thank'],
  [/\b(help|what can you)\b/, 'help'],
  [/\b(bye|goodbye)\b/, 'goodbye'],
  [/\b(weather|pizza)\b/, 'out_of_scope'],
  [/^(yes|yeah|sure)\b/, 'affirm'],
  [/^(no|nope)( thanks)?$/, 'deny'],
];

const priorities = ['low', 'medium', 'high'] as const;

/** Understands by a few words, so that a dialogue can be tested by itself. */
export const plainUnderstanding: Understanding = {
  understood: (text) => ({ intent: wishes.find(([pattern]) => pattern.test(text.toLowerCase()))?.[1] }),
  yesOrNo(text) {
    if (/^(yes|yeah|sure)\b/i.test(text)) return 'yes';
    return /^(no|nope)\b/i.test(text) ? 'no' : undefined;
  },
  priorityIn(text) {
    const named = priorities.filter((one) => text.toLowerCase().includes(one));
    if (named.length > 0) return named.length === 1 ? named[0] : undefined;
    return priorities[Number(/\d/.exec(text)?.[0]) - 1];
  },
  numberIn: (text) => (/\d+/.test(text) ? Number(/\d+/.exec(text)?.[0]) : undefined),
  keysIn: (text) => (/^[\d ]+$/.test(text) ? text.replaceAll(' ', '') : undefined),
  emailCandidates(text) {
    const found = text
      .toLowerCase()
      .replace(/ at /g, '@')
      .replace(/ dot /g, '.')
      .match(/[a-z0-9.]+@[a-z0-9.]+/g);
    return found ?? [];
  },
  spelledOut: (email) => email.replace('@', ' at ').replaceAll('.', ' dot '),
};

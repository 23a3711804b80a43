import * as v from 'valibot';
import { isProblemCode, Problem, type ProblemCode } from './problems.ts';

export { ID, id, languageTag } from './id.ts';

/** A text within a limit of UTF-16 units, both ends allowed. */
export const textOf = (min: number, max: number) => v.pipe(v.string(), v.minLength(min), v.maxLength(max));

/** The code of a malformed field. A schema may name another by its own message. */
const fieldProblems: Readonly<Record<string, ProblemCode>> = {
  phone: 'invalid_phone',
  at: 'invalid_at',
  conversationId: 'invalid_conversation_id',
  userId: 'invalid_user_id',
  eventType: 'invalid_event_type',
  minutesPaused: 'invalid_minutes',
  paused: 'invalid_paused',
  text: 'invalid_text',
  avatarUrl: 'invalid_avatar_url',
  unpauseChatEvent: 'invalid_unpause_event',
};

function codeOf(issue: v.BaseIssue<unknown>): ProblemCode {
  if (issue.type === 'strict_object' && issue.expected === 'never') return 'unknown_field';
  if (isProblemCode(issue.message)) return issue.message;
  const names = (issue.path ?? []).map((item) => String(item.key)).reverse();
  const known = names.find((name) => Object.hasOwn(fieldProblems, name));
  return (known === undefined ? undefined : fieldProblems[known]) ?? 'invalid_request';
}

/** Checks a value from outside. Throws the problem of the first field at fault; fields that nobody knows come first. */
export function decode<T>(schema: v.GenericSchema<unknown, T>, value: unknown): T {
  const parsed = v.safeParse(schema, value);
  if (parsed.success) return parsed.output;
  const codes = parsed.issues.map(codeOf);
  throw new Problem(codes.find((code) => code === 'unknown_field') ?? codes[0] ?? 'invalid_request');
}

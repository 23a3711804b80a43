import * as v from 'valibot';

const ids = { userId: v.pipe(v.string(), v.minLength(1)), botId: v.pipe(v.string(), v.minLength(1)) };
const minutesPaused = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1440));
const agentProfile = v.optional(
  v.strictObject({ name: v.optional(v.string()), avatarUrl: v.optional(v.pipe(v.string(), v.url())) }),
);

/**
 * What Botcopy takes at `/webhooks/handover/push`, to the letter: no field that its page does not name.
 * Source: Botcopy's own documentation, livechat/handover.md, read 2026-11-21.
 */
export const pushEvent = v.union([
  v.strictObject({
    eventType: v.literal('message'),
    ...ids,
    text: v.pipe(v.string(), v.minLength(1)),
    paused: v.literal(true),
    minutesPaused,
    agentProfile,
  }),
  v.strictObject({
    eventType: v.literal('channel_update'),
    ...ids,
    paused: v.literal(true),
    minutesPaused,
    agentProfile,
  }),
  v.strictObject({
    eventType: v.literal('channel_update'),
    ...ids,
    paused: v.literal(false),
    unpauseChatEvent: v.optional(v.pipe(v.string(), v.minLength(1))),
    agentProfile,
  }),
  v.strictObject({
    eventType: v.literal('user_typing'),
    ...ids,
    paused: v.literal(true),
    minutesPaused,
    agentProfile,
  }),
]);

export type PushEvent = v.InferOutput<typeof pushEvent>;

/** What is wrong with a push; undefined when Botcopy would take it. */
export function pushFault(
  { headers, body }: { readonly headers: Readonly<Record<string, string>>; readonly body: string },
  apiKey: string,
): { readonly status: 400 | 401; readonly says: string } | undefined {
  if (headers.authorization !== apiKey) return { status: 401, says: 'Authorization is not the raw API key' };
  if (!/^application\/json\b/.test(headers['content-type'] ?? '')) {
    return { status: 400, says: 'Content-Type is not application/json' };
  }
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), pushEvent), body);
  if (parsed.success) return undefined;
  const [issue] = parsed.issues;
  return { status: 400, says: `${v.getDotPath(issue) ?? 'body'}: ${issue.message}` };
}

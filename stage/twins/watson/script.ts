import * as v from 'valibot';

/** The webhooks of the assistant that tell what happened. */
const webhooks = ['post-message', 'log', 'cdr'] as const;

export type AssistantWebhook = (typeof webhooks)[number];

/** How the assistant on the phone behaves. */
export const assistantScript = v.strictObject({
  answers: v.optional(v.picklist(['human', 'busy', 'no-answer', 'failed'])),
  /** The SIP code of a call that is not answered; without it the usual one. */
  sipResponseCode: v.optional(v.pipe(v.number(), v.integer(), v.minValue(400), v.maxValue(699))),
  /**
   * What it does when the caller wants a person: REFER, transfer by hanging up, hang up without a word, or nothing.
   * Default `refer`.
   */
  ends: v.optional(v.picklist(['refer', 'bye', 'drop', 'stay'])),
  /** Transfers by the response of this name that the repository ships in `watson/connect-to-agent/`. */
  response: v.optional(v.picklist(['refer', 'refer-with-key', 'hang-up'])),
  /** What the transfer tells. Default `User-to-User` with the session history key, as Watson's own. */
  header: v.optional(v.picklist(['User-to-User', 'X-Watson-Assistant-Session-History-Key', 'X-Handover-Id', 'none'])),
  /** Of `User-to-User`. Default `ascii`. */
  encoding: v.optional(v.picklist(['ascii', 'hex', 'plain'])),
  /** The whole `Refer-To`, for what no assistant would send. */
  referTo: v.optional(v.string()),
  /** What becomes of a `Refer-To` of more than 256 characters. Default `whole`. */
  longRefer: v.optional(v.picklist(['whole', 'cut', 'refused'])),
  /** What it does when a transfer fails: it says so, and stays or hangs up. Default `stay`. */
  onFailure: v.optional(v.picklist(['stay', 'bye'])),
  /** What it has collected, told with every turn. */
  variables: v.optional(v.record(v.string(), v.string())),
  /** What it tells the human who takes over. */
  messageToAgent: v.optional(v.string()),
  /** Which webhooks it sends. Default all, once there is a function that takes them. */
  webhooks: v.optional(v.array(v.picklist(webhooks))),
});

export type AssistantScript = v.InferOutput<typeof assistantScript>;

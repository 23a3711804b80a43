import * as v from 'valibot';

const given = v.pipe(v.string(), v.regex(/^[\x21-\x7e]{1,80}$/));

/** Names of resources are from ICWS's documentation: help.genesys.com, developer/cic, icws, web-chat; read 2026-11-28. */
export const started = v.object({ participantId: given, chatId: given });

/** The name of an error, where there is one. */
export const failed = v.object({ errorId: v.string() });

const common = {
  participantId: v.string(),
  sequenceNumber: v.pipe(v.number(), v.integer()),
  timestamp: v.fallback(v.optional(v.string()), undefined),
};

const message = v.variant('__type', [
  v.object({
    __type: v.literal('urn:inin.com:webChat:chatTextMessage'),
    ...common,
    contentType: v.fallback(v.optional(v.string(), 'text/plain'), 'text/plain'),
    value: v.string(),
  }),
  v.object({ __type: v.literal('urn:inin.com:webChat:chatFileMessage'), ...common, fileName: v.string() }),
  v.object({
    __type: v.literal('urn:inin.com:webChat:chatParticipantStateChangedMessage'),
    ...common,
    state: v.number(),
    displayName: v.fallback(v.optional(v.string()), undefined),
    participantType: v.string(),
  }),
]);

export type IcwsMessage = v.InferOutput<typeof message>;

/** Messages of kinds that nobody needs, typing among them, are left out. */
export const messages = v.pipe(
  v.object({ messages: v.array(v.unknown()) }),
  v.transform((answer) =>
    answer.messages.flatMap((one): readonly IcwsMessage[] => {
      const parsed = v.safeParse(message, one);
      return parsed.success ? [parsed.output] : [];
    }),
  ),
);

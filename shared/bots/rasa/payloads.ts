import * as v from 'valibot';

/** A member that need not be there; what is no such thing is not there either. */
const readable = <T>(schema: v.GenericSchema<unknown, T>) => v.fallback(v.optional(schema), undefined);

/** `type: web_url` brings a `url` in place of a payload. */
const button = v.object({
  title: v.string(),
  payload: readable(v.string()),
  url: readable(v.string()),
});

export type RasaButton = v.InferOutput<typeof button>;

/** The items that fit, in order: one that does not must not lose the others. */
const thoseOf = <T>(schema: v.GenericSchema<unknown, T>) =>
  v.pipe(
    v.array(v.unknown()),
    v.transform((items) =>
      items.flatMap((item) => {
        const parsed = v.safeParse(schema, item);
        return parsed.success ? [parsed.output] : [];
      }),
    ),
  );

const message = v.object({
  text: readable(v.string()),
  buttons: readable(thoseOf(button)),
  custom: v.optional(v.unknown()),
  image: v.optional(v.unknown()),
  attachment: v.optional(v.unknown()),
});

export type RasaMessage = v.InferOutput<typeof message>;

/** More than these nobody listens to; what is beyond is a mistake. */
const MAX_MESSAGES = 50;

/**
 * What the REST channel answers: `[{recipient_id, text?, buttons?, image?, attachment?, custom?}]`. Where Rasa fails itself,
 * it is an empty list, or as much as was said before. Source: rasa.com/docs, channels, REST channel, and the channel of Rasa
 * 3.6, rasa/core/channels/rest.py, read 2026-11-28.
 */
export const messages = v.pipe(
  v.array(v.unknown()),
  v.transform((all) => all.slice(0, MAX_MESSAGES)),
  thoseOf(message),
);

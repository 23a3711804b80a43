import * as v from 'valibot';

/** Ids of users, bots, conversations, events and requests, everywhere. No character of it delimits a key. */
export const ID = /^[A-Za-z0-9._:@+-]{1,200}$/;

export const id = v.pipe(v.string(), v.regex(ID));

/** A language tag like `de-AT` or `zh-Hant-TW`. */
export const languageTag = v.pipe(v.string(), v.regex(/^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8}){0,4}$/));

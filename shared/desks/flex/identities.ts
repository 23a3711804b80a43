/*
 * Who writes in a conversation. Names of ours stand before ids that say nothing about a person: Twilio keeps identities, and
 * agents see them.
 */

/** Who speaks for the customer of a handover: nobody's number, address or id. */
export const customerOf = (handoverId: string): string => `customer-${handoverId}`;

/** What we say ourselves: the note with the transcript, and what agents should know. */
export const NOTE_AUTHOR = 'bot';
export const SYSTEM_AUTHOR = 'handover';

/** Whether these are the customer's own words: said to the bot, or in a web chat. */
export const isCustomer = (author: string): boolean => /^(customer|visitor)-/.test(author);

export const isOurs = (author: string): boolean => author === NOTE_AUTHOR || author === SYSTEM_AUTHOR;

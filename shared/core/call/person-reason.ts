/** Why a caller gets a person, where the bot gives no reason of its own. Kept as it is, and told to people in words. */
export const personReasons = ['asked_for_person', 'not_understood', 'silence', 'bot_failed'] as const;

export type PersonReason = (typeof personReasons)[number];

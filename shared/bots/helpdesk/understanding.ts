/** What a caller may want, as far as the helpdesk knows it. */
export const intents = [
  'greet',
  'goodbye',
  'thank',
  'help',
  'bot_challenge',
  'affirm',
  'deny',
  'restart',
  'cancel',
  'repeat',
  'open_incident',
  'password_reset',
  'problem_email',
  'incident_status',
  'human_handoff',
  'bot_handoff',
  'out_of_scope',
] as const;

export type Intent = (typeof intents)[number];

/** What is made of a caller's words. Nothing of it leaves the process or takes time. */
export interface Understanding {
  /** Undefined where it is not sure enough. */
  understood(text: string): { readonly intent: Intent | undefined };
  yesOrNo(text: string): 'yes' | 'no' | undefined;
  priorityIn(text: string): 'low' | 'medium' | 'high' | undefined;
  numberIn(text: string): number | undefined;
  /** The digits that were spoken one by one. */
  keysIn(text: string): string | undefined;
  /** E-mail addresses that may have been meant, the likeliest first. */
  emailCandidates(text: string): readonly string[];
  /** An address as it is read back. */
  spelledOut(email: string): string;
}

/** What asks for a moment, as it is said by itself. */
const PAUSE =
  '(?:hold on|hang on|hold the line|wait|bear with me|(?:give me )?(?:a|one|half a) (?:moment|second|sec|minute)|let me (?:think|see|check|look)|(?:let me|i have to|i will|i ll) (?:get|find|fetch|look for) (?:it|that|(?:my|the) (?:phone|glasses|pin|code|text|message)))';

const BESIDES = '(?:um+|uh+|erm?|hm+|well|ok|okay|oh|please|just|sorry|for|yes|yeah|no|so)';

const WAITS = new RegExp(`^(?:${BESIDES} )*${PAUSE}(?: (?:${PAUSE}|${BESIDES}))*$|^(?:(?:um+|erm?|hm+)(?: |$))+$`);

/**
 * Whether somebody only asks for a moment, or thinks aloud: that answers no question, ends no call and describes no problem,
 * whatever it sounds like.
 */
export const waits = (text: string): boolean =>
  WAITS.test(
    text
      .toLowerCase()
      .replace(/[^a-z]+/g, ' ')
      .trim(),
  );

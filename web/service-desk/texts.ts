/** What customers read that is not from a person. */
export interface Texts {
  /** Stands for an agent whose name is not known. */
  readonly agent: string;
  /** While somebody waits and neither the time nor the place in line is known; empty leaves it to the chat. */
  readonly waiting: string;
  readonly couldNotConnect: string;
  readonly tooManyRequests: string;
  readonly signInAgain: string;
  readonly nobodyCame: string;
  readonly connectionLost: string;
  readonly fileTooLarge: string;
  readonly fileEmpty: string;
  readonly fileType: string;
  readonly fileName: string;
  readonly tooManyFiles: string;
  readonly fileNotSent: string;
  /** Stands for the name of a file that has none. */
  readonly file: string;
  /** Where a file of the agent cannot be had any more. */
  readonly fileGone: string;
}

export const englishTexts: Texts = {
  agent: 'Agent',
  waiting: '',
  couldNotConnect: 'We could not connect you with a person. Please try again in a moment.',
  tooManyRequests: 'There were too many requests. Please try again in a few minutes.',
  signInAgain: 'Please sign in again to talk to a person.',
  nobodyCame: 'Nobody could take your chat. Please try again later.',
  connectionLost: 'The connection was lost before somebody could answer. Please try again.',
  fileTooLarge: 'This file is too large.',
  fileEmpty: 'This file is empty.',
  fileType: 'Files of this type cannot be sent.',
  fileName: 'Please give this file another name.',
  tooManyFiles: 'These are too many files at once.',
  fileNotSent: 'The file could not be sent.',
  file: 'file',
  fileGone: 'The file is no longer available.',
};

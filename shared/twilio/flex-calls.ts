import { type Conversations, conversationsBy } from './conversations.ts';
import { type Interactions, interactionsBy } from './interactions.ts';
import type { TwilioRest } from './rest.ts';
import { type FindTasks, findTasksBy } from './tasks.ts';

/** The calls to Twilio about a chat that people in Flex have. */
export interface FlexCalls {
  readonly conversations: Conversations;
  readonly interactions: Interactions;
  readonly findTasks: FindTasks;
}

export const flexCalls = (rest: TwilioRest, serviceSid: string, workspaceSid: string): FlexCalls => ({
  conversations: conversationsBy(rest, serviceSid),
  interactions: interactionsBy(rest),
  findTasks: findTasksBy(rest, workspaceSid),
});

import {
  type AgentMessage,
  type Capabilities,
  type CarbonCallback,
  CONNECTING,
  DISCONNECTED,
  USER_MESSAGE,
  type WatsonCallback,
  type WatsonProfile,
} from './chat-contract.ts';
import type { KeptStore } from './kept-state.ts';

/** An agent as customers see them. */
export interface ShownAgent {
  readonly id: string;
  readonly nickname: string;
  readonly avatarUrl: string | undefined;
}

/** How far somebody who waits has come: the first that is known of minutes, place, words. */
export type Waiting = { readonly minutes: number } | { readonly place: number } | { readonly message: string };

/** What is shown to the customer: the callback of a chat, in words that are the same for all chats. */
export interface ChatView {
  capabilities(capabilities: Capabilities): void;
  waiting(waiting: Waiting): Promise<void>;
  joined(agent: ShownAgent): Promise<void>;
  /** Another agent takes over; with one who is there already, nobody else is announced. */
  transferring(agent?: ShownAgent): Promise<void>;
  /** The agent whom the chat shows now is gone, the chat is not over. */
  left(): Promise<void>;
  /** The people ended the chat. */
  ended(): Promise<void>;
  said(text: string, agentId: string | undefined): Promise<void>;
  typing(isTyping: boolean): Promise<void>;
  /** An agent has read everything that the customer wrote. */
  read(): Promise<void>;
  /** Nobody was reached; for the chat it is over. */
  failed(messageToUser: string, logInfo: string): Promise<void>;
  disconnected(isDisconnected: boolean): Promise<void>;
  notSent(messageId: string, logInfo: string): Promise<void>;
  /** Without a fault the file has arrived. */
  file(fileId: string, fault?: string): Promise<void>;
}

const textResponse = (text: string): AgentMessage => ({
  output: { generic: [{ response_type: 'text' as never, text }] },
});

const watsonProfile = ({ id, nickname, avatarUrl }: ShownAgent): WatsonProfile => ({
  id,
  nickname,
  ...(avatarUrl === undefined ? {} : { profile_picture_url: avatarUrl }),
});

const carbonProfile = (agent: ShownAgent) => ({ ...watsonProfile(agent), user_type: 'human' as never });

type Callback = WatsonCallback | CarbonCallback;

/** What both chats are told in the same way. */
function common(callback: Callback) {
  return {
    capabilities: (capabilities: Capabilities) => callback.updateCapabilities(capabilities),
    left: async () => callback.agentLeftChat(),
    ended: async () => callback.agentEndedChat(),
    // Without an id the chat shows it as of whoever is there.
    said: async (text: string, agentId: string | undefined) =>
      agentId === undefined
        ? callback.sendMessageToUser(textResponse(text))
        : callback.sendMessageToUser(textResponse(text), agentId),
    typing: async (isTyping: boolean) => callback.agentTyping(isTyping),
    read: async () => callback.agentReadMessages(),
    failed: async (messageToUser: string, logInfo: string) =>
      callback.setErrorStatus({ type: CONNECTING, messageToUser, logInfo }),
    disconnected: async (isDisconnected: boolean) => callback.setErrorStatus({ type: DISCONNECTED, isDisconnected }),
    file: async (fileId: string, fault?: string) =>
      fault === undefined ? callback.setFileUploadStatus(fileId) : callback.setFileUploadStatus(fileId, true, fault),
  };
}

export function watsonView(callback: WatsonCallback): ChatView {
  return {
    ...common(callback),
    async waiting(waiting) {
      if ('minutes' in waiting) await callback.updateAgentAvailability({ estimated_wait_time: waiting.minutes });
      else if ('place' in waiting) await callback.updateAgentAvailability({ position_in_queue: waiting.place });
      else await callback.updateAgentAvailability(waiting);
    },
    joined: async (agent) => callback.agentJoined(watsonProfile(agent)),
    transferring: async (agent) =>
      agent ? callback.beginTransferToAnotherAgent(watsonProfile(agent)) : callback.beginTransferToAnotherAgent(),
    // This chat learns it from the promise that is rejected.
    notSent: async () => {},
  };
}

export function carbonView(callback: CarbonCallback): ChatView {
  return {
    ...common(callback),
    async waiting(waiting) {
      if ('minutes' in waiting) await callback.updateAgentAvailability({ estimatedWaitTime: waiting.minutes });
      else if ('place' in waiting) await callback.updateAgentAvailability({ positionInQueue: waiting.place });
      else await callback.updateAgentAvailability(waiting);
    },
    joined: async (agent) => callback.agentJoined(carbonProfile(agent)),
    transferring: async (agent) =>
      agent ? callback.beginTransferToAnotherAgent(carbonProfile(agent)) : callback.beginTransferToAnotherAgent(),
    notSent: async (messageID, logInfo) => callback.setErrorStatus({ type: USER_MESSAGE, messageID, logInfo }),
  };
}

/** What Carbon AI Chat keeps for a service desk over a reload. */
export const carbonStore = (callback: CarbonCallback): KeptStore => ({
  read: () => callback.persistedState(),
  write: (kept) => callback.updatePersistedState(kept, false),
});

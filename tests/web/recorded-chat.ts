import type { CarbonCallback, ServiceDesk, WatsonCallback } from '../../web/service-desk/chat-contract.ts';

export type Shape = 'Carbon AI Chat' | 'watsonx web chat';

type Call = readonly [name: string, ...given: unknown[]];

/** The callback of a chat: keeps what it is told, and does what the chats do when agents end. */
export interface RecordedChat {
  readonly callback: CarbonCallback & WatsonCallback;
  readonly calls: readonly Call[];
  /** The same in short words, alike for both chats. Fails for a shape that the chat does not know. */
  readonly lines: readonly string[];
  /** What Carbon AI Chat has kept for the service desk. */
  readonly kept: unknown;
  /** The service desk that it belongs to. */
  desk: ServiceDesk | undefined;
  forget(): void;
}

const FIELDS = {
  'Carbon AI Chat': { minutes: 'estimatedWaitTime', place: 'positionInQueue' },
  'watsonx web chat': { minutes: 'estimated_wait_time', place: 'position_in_queue' },
} as const;

/** One call in short words. */
function lineOf(shape: Shape, [name, first, second, third]: Call): string {
  const given = Object(first);
  const profile = () => {
    const { id, nickname, profile_picture_url: picture, user_type, ...others } = given;
    const isRight = (shape === 'Carbon AI Chat') === (user_type === 'human') && Object.keys(others).length === 0;
    if (!isRight) throw new Error(`not a profile of ${shape}: ${JSON.stringify(first)}`);
    return [nickname === id ? id : `${id} as ${nickname}`, ...(picture === undefined ? [] : [picture])].join(' ');
  };
  switch (name) {
    case 'updateAgentAvailability': {
      const { minutes, place } = FIELDS[shape];
      const [[field, value] = [], ...others] = Object.entries(given);
      const word = { [minutes]: 'minutes', [place]: 'place', message: 'words' }[String(field)];
      if (!word || others.length > 0) throw new Error(`not an availability of ${shape}: ${JSON.stringify(first)}`);
      return `waiting, ${word} ${value}`;
    }
    case 'agentJoined':
      return `joined ${profile()}`;
    case 'beginTransferToAnotherAgent':
      return first === undefined ? 'transferring' : `transferring to ${profile()}`;
    case 'sendMessageToUser':
      return `${second ?? 'nobody'}: ${given.output.generic.map((item: { text: string }) => item.text).join('|')}`;
    case 'agentTyping':
      return first ? 'typing' : 'not typing';
    case 'agentReadMessages':
      return 'read';
    case 'agentLeftChat':
      return 'left';
    case 'agentEndedChat':
      return 'ended';
    case 'setErrorStatus':
      if (given.type === 1) return `could not connect: ${given.messageToUser}`;
      if (given.type === 2) return given.isDisconnected ? 'disconnected' : 'connected again';
      if (given.type === 3 && shape === 'Carbon AI Chat') return `not sent ${given.messageID}`;
      throw new Error(`not a problem of ${shape}: ${JSON.stringify(first)}`);
    case 'setFileUploadStatus':
      return second ? `file ${first}: ${third}` : `file ${first} arrived`;
    default:
      throw new Error(`${name} is not known`);
  }
}

export function recordedChat(shape: Shape, kept?: unknown): RecordedChat {
  let calls: Call[] = [];
  let state = kept;
  const isPromised = shape === 'Carbon AI Chat';
  const note =
    (name: string) =>
    (...given: unknown[]) => {
      calls.push([name, ...given]);
      return isPromised ? Promise.resolve() : undefined;
    };
  const chat: RecordedChat = {
    callback: {
      updateCapabilities: note('updateCapabilities'),
      updateAgentAvailability: note('updateAgentAvailability'),
      agentJoined: note('agentJoined'),
      agentReadMessages: note('agentReadMessages'),
      agentTyping: note('agentTyping'),
      sendMessageToUser: note('sendMessageToUser'),
      beginTransferToAnotherAgent: note('beginTransferToAnotherAgent'),
      agentLeftChat: note('agentLeftChat'),
      async agentEndedChat() {
        calls.push(['agentEndedChat']);
        await chat.desk?.endChat({ endedByHumanAgent: true });
      },
      setErrorStatus: note('setErrorStatus'),
      setFileUploadStatus: note('setFileUploadStatus'),
      persistedState: () => state,
      updatePersistedState(next, merges = true) {
        // As over a reload: only what JSON can hold.
        state = JSON.parse(JSON.stringify(merges ? { ...Object(state), ...Object(next) } : next));
      },
    },
    get calls() {
      return calls;
    },
    get lines() {
      return calls.filter(([name]) => name !== 'updateCapabilities').map((call) => lineOf(shape, call));
    },
    get kept() {
      return state;
    },
    desk: undefined,
    forget() {
      calls = [];
    },
  };
  return chat;
}

/**
 * What the watsonx web chat (8.x) and Carbon AI Chat (1.x) call and offer, where it is the same in both. Sources:
 * github.com/watson-developer-cloud/assistant-web-chat-service-desk-starter, src/common/types/serviceDeskTypes.ts;
 * github.com/carbon-design-system/carbon-ai-chat, packages/ai-chat/src/types/config/ServiceDeskConfig.ts; both read
 * 2026-11-27. Nothing that comes from a chat is trusted to be there.
 */

/** An answer of the assistant, in which it asks for a person. */
export interface MessageResponse {
  readonly output?: { readonly generic?: readonly unknown[] };
  readonly context?: unknown;
}

interface MessageRequest {
  readonly input?: { readonly text?: string };
}

export interface FileUpload {
  readonly id: string;
  readonly file: File;
}

interface AdditionalData {
  readonly filesToUpload?: readonly FileUpload[] | undefined;
}

interface EndChatInfo {
  readonly preEndChatPayload?: unknown;
  readonly endedByHumanAgent?: boolean;
}

/** What the web chat says of itself. Carbon AI Chat never does. */
interface ChatState {
  readonly sessionID?: string;
  readonly userID?: string;
  readonly locale?: string;
}

/** What a chat calls. */
export interface ServiceDesk {
  getName(): string;
  startChat(connectMessage: MessageResponse, startChatOptions?: unknown): Promise<void>;
  endChat(info?: EndChatInfo): Promise<void>;
  sendMessageToAgent(message: MessageRequest, messageId: string, additional?: AdditionalData): Promise<void>;
  updateState(state: ChatState): void;
  userTyping(isTyping: boolean): Promise<void>;
  userReadMessages(): Promise<void>;
  areAnyAgentsOnline(connectMessage: MessageResponse): Promise<boolean | null>;
  filesSelectedForUpload(uploads: readonly FileUpload[]): void;
  /** Only Carbon AI Chat calls it, after a reload of the page. */
  reconnect(): Promise<boolean>;
}

export interface Capabilities {
  readonly allowFileUploads: boolean;
  readonly allowMultipleFileUploads: boolean;
  /** For the `accept` of a file input. */
  readonly allowedFileUploadTypes: string;
}

export const CONNECTING = 1;
export const DISCONNECTED = 2;
export const USER_MESSAGE = 3;

interface FailedToConnect {
  readonly type: typeof CONNECTING;
  readonly messageToUser?: string;
  readonly logInfo?: unknown;
}

interface LostConnection {
  readonly type: typeof DISCONNECTED;
  readonly isDisconnected: boolean;
}

interface MessageNotSent {
  readonly type: typeof USER_MESSAGE;
  readonly messageID: string;
  readonly logInfo?: unknown;
}

/** What an agent says. */
export interface AgentMessage {
  /** `text`, of an enum of Carbon AI Chat. */
  readonly output: { generic: { response_type: never; text: string }[] };
}

/** What a chat offers. Old versions answer nothing where new ones answer a promise. */
interface Callback<Profile, Availability, Problem> {
  updateCapabilities(capabilities: Capabilities): void;
  updateAgentAvailability(availability: Availability): Promise<void> | void;
  agentJoined(profile: Profile): Promise<void> | void;
  agentReadMessages(): Promise<void> | void;
  agentTyping(isTyping: boolean): Promise<void> | void;
  sendMessageToUser(message: AgentMessage, agentId?: string): Promise<void> | void;
  beginTransferToAnotherAgent(profile?: Profile): Promise<void> | void;
  agentLeftChat(): Promise<void> | void;
  agentEndedChat(): Promise<void> | void;
  setErrorStatus(problem: Problem): Promise<void> | void;
  setFileUploadStatus(fileId: string, isError?: boolean, errorMessage?: string): Promise<void> | void;
}

export interface WatsonProfile {
  readonly id: string;
  readonly nickname: string;
  readonly profile_picture_url?: string;
}

/** Minutes of waiting go before the place in line, that before words. */
interface WatsonAvailability {
  readonly estimated_wait_time?: number;
  readonly position_in_queue?: number;
  readonly message?: string;
}

export type WatsonCallback = Callback<WatsonProfile, WatsonAvailability, FailedToConnect | LostConnection>;

/** What the watsonx web chat gives to its `serviceDeskFactory`. */
export interface WatsonParameters {
  readonly callback: WatsonCallback;
}

interface CarbonProfile extends WatsonProfile {
  /** `human`, of an enum of the chat that nothing else can be assigned to: the words of people are shown with more care. */
  readonly user_type: never;
}

interface CarbonAvailability {
  readonly estimatedWaitTime?: number;
  readonly positionInQueue?: number;
  readonly message?: string;
}

export interface CarbonCallback
  extends Callback<CarbonProfile, CarbonAvailability, FailedToConnect | LostConnection | MessageNotSent> {
  persistedState(): unknown;
  updatePersistedState(state: unknown, mergeWithCurrent?: boolean): void;
}

/** What Carbon AI Chat gives to its `serviceDeskFactory`. */
export interface CarbonParameters {
  readonly callback: CarbonCallback;
}

/**
 * What is used of @twilio/conversations 3.0.1, so that types are checked also where the package is not installed.
 * `tests/web/twilio-types.test.ts` checks the same code against the package's own.
 */
declare module '@twilio/conversations' {
  interface Listener {
    on(event: string, hear: (value: never) => void): unknown;
  }

  export interface User {
    readonly friendlyName: string | null;
    readonly attributes: unknown;
  }

  export interface Participant {
    readonly identity: string | null;
    readonly lastReadMessageIndex: number | null;
    getUser(): Promise<User>;
  }

  export interface Media {
    readonly filename: string | null;
    readonly contentType: string;
    getContentTemporaryUrl(): Promise<string | null>;
  }

  export interface Message {
    readonly attributes: unknown;
    readonly index: number;
    readonly author: string | null;
    readonly body: string | null;
    readonly attachedMedia: readonly Media[] | null;
  }

  export interface Page<T> {
    readonly items: readonly T[];
    readonly hasNextPage: boolean;
    nextPage(): Promise<Page<T>>;
  }

  export interface MessageBuilder {
    addMedia(media: { contentType: string; filename: string; media: Blob }): MessageBuilder;
    buildAndSend(): Promise<number | null>;
  }

  export interface Conversation extends Listener {
    readonly status: 'notParticipating' | 'joined';
    readonly state: { readonly current: 'active' | 'inactive' | 'closed' } | undefined;
    join(): Promise<unknown>;
    leave(): Promise<unknown>;
    typing(): Promise<void>;
    advanceLastReadMessageIndex(index: number): Promise<number>;
    sendMessage(text: string): Promise<number>;
    prepareMessage(): MessageBuilder;
    getParticipants(): Promise<readonly Participant[]>;
    getMessages(pageSize: number, anchor: number, direction: 'forward'): Promise<Page<Message>>;
  }

  export class Client implements Listener {
    constructor(token: string, options?: { readonly region?: string; readonly Twilsock?: Record<string, unknown> });
    on(event: string, hear: (value: never) => void): unknown;
    getConversationBySid(sid: string): Promise<Conversation>;
    updateToken(token: string): Promise<unknown>;
    shutdown(): Promise<void>;
  }
}

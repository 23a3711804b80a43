import type { CarbonParameters, ServiceDesk, WatsonParameters } from './chat-contract.ts';
import { carbonStore, carbonView, watsonView } from './chat-view.ts';
import { type BrowserClock, browserClock } from './clock.ts';
import type { Visitor } from './connect-wish.ts';
import type { JoinConversation } from './conversation.ts';
import type { SessionOfVisitor } from './flex-token.ts';
import { keptIn, pageStore } from './kept-state.ts';
import { type FileLimits, usualFiles } from './outgoing-files.ts';
import { serviceDesk } from './service-desk.ts';
import { englishTexts, type Texts } from './texts.ts';
import type { TwilioClientOptions } from './twilio-conversation.ts';

export type * from './chat-contract.ts';
export type * from './conversation.ts';
export type { BrowserClock, FileLimits, SessionOfVisitor, Texts, TwilioClientOptions, Visitor };

export interface ServiceDeskOptions {
  /** The full URL of the function `flex-token`. */
  readonly url: string;
  /** The JWT that your own login issues; absent where visitors are strangers. Asked for before every request. */
  readonly session?: SessionOfVisitor | undefined;
  /** What agents should know of the visitor now. */
  readonly visitor?: () => Visitor;
  /** Which files may be sent; false for none. */
  readonly files?: FileLimits | false;
  /** Other words than the English ones. */
  readonly texts?: Partial<Texts>;
  /** What carries the words; Twilio Conversations when absent. */
  readonly join?: JoinConversation;
  /** What Twilio's client is told besides the token, like the region of the account. */
  readonly twilio?: TwilioClientOptions;
  readonly clock?: BrowserClock;
}

/** Loaded only when somebody wants a person: it is thirty times as large as the rest. */
const joinTwilio =
  (options: TwilioClientOptions | undefined): JoinConversation =>
  async (pass, tell) => {
    const { joinTwilioConversation } = await import('./twilio-conversation.ts');
    return joinTwilioConversation(pass, tell, options);
  };

function partsOf(options: ServiceDeskOptions) {
  const { url, session, visitor = () => ({}), files = usualFiles, texts, join, clock, twilio } = options;
  return {
    url: new URL(url).href,
    session,
    visitor,
    files,
    texts: { ...englishTexts, ...texts },
    join: join ?? joinTwilio(twilio),
    clock: clock ?? browserClock,
  };
}

/** What the watsonx web chat takes as `serviceDeskFactory`. Throws for a URL that is none. */
export function watsonServiceDesk(options: ServiceDeskOptions): (parameters: WatsonParameters) => ServiceDesk {
  const parts = partsOf(options);
  return ({ callback }) => serviceDesk({ ...parts, view: watsonView(callback), kept: keptIn(pageStore()) });
}

/** What Carbon AI Chat takes as `serviceDeskFactory`. Throws for a URL that is none. */
export function carbonServiceDesk(options: ServiceDeskOptions): (parameters: CarbonParameters) => Promise<ServiceDesk> {
  const parts = partsOf(options);
  return async ({ callback }) =>
    serviceDesk({ ...parts, view: carbonView(callback), kept: keptIn(carbonStore(callback)) });
}

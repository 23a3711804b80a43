/**
 * The page of the test: the real Carbon AI Chat with an assistant of two sentences, and a conversation in which the test plays
 * the people. The address of `flex-token` and the session come in the fragment of the page's own address.
 */
import type * as ServiceDesks from '../service-desk/index.ts';
import { showChatWindow } from './chat-window.ts';
import { playedConversation } from './played-conversation.ts';

const { carbonServiceDesk } = (await import(`${location.origin}/service-desk.mjs`)) as typeof ServiceDesks;

const given = new URLSearchParams(location.hash.slice(1));
const people = playedConversation();
/** Nobody joins before the test has set the scene. */
let open = () => {};
const isOpen = new Promise<void>((resolve) => {
  open = resolve;
});
Object.assign(window, { people, open });

showChatWindow({
  answer: (text) =>
    text.includes('person')
      ? { text: '', person: { message: 'Wants a person' } }
      : { text: 'Say that you want a person.' },
  serviceDeskFactory: carbonServiceDesk({
    url: given.get('url') ?? '',
    session: () => given.get('session') ?? '',
    async join(pass, tell) {
      await isOpen;
      return people.join(pass, tell);
    },
  }),
});

/** A small chat window around the same service desk, for whoever has not installed the real one. */

import { find, say } from '../page/dom.js';
import { showLines } from '../page/lines.js';
import { offer, writing } from '../page/writing.js';
import { answer, serviceDeskFactory, welcome } from './given.js';

const toAPerson = ['The lamp of my order is broken.', 'Thank you!'];

const KEPT_STATE = 'handover stage chat';
const KEPT_MODE = 'handover stage chat mode';

const lines = [];
const agents = new Map();
let mode = 'assistant';
let desk;
let sent = 0;

const words = { assistant: 'The assistant answers', waiting: 'Waiting for a person …', person: 'A person answers' };

function show() {
  say(find('who'), words[mode]);
  find('who').dataset.state = mode === 'person' ? 'human' : 'bot';
  find('end').hidden = mode === 'assistant';
  showLines(find('chat'), lines, 'customer');
  offer(find('says'), mode === 'assistant' ? welcome.choices : toAPerson, send);
}

function add(by, name, text) {
  lines.push({ by, name, text, atMs: Date.now() });
  show();
}

function is(next) {
  mode = next;
  sessionStorage.setItem(KEPT_MODE, mode);
  say(find('typing'), '');
  show();
}

/** What comes is Markdown, in which nothing may look like HTML; here it is text. */
const asText = (markdown) => markdown.replaceAll('!\\[', '![').replaceAll('&lt;', '<').replaceAll('&amp;', '&');

const nameOf = (agentId) => agents.get(agentId) ?? 'Agent';
const note = (text) => add('system', '', text);

/** What the service desk tells of people, as a chat is told. */
const callback = {
  updateCapabilities() {},
  updateAgentAvailability: ({ estimatedWaitTime, positionInQueue, message }) =>
    say(
      find('typing'),
      estimatedWaitTime
        ? `About ${estimatedWaitTime} min to wait.`
        : positionInQueue
          ? `You are number ${positionInQueue} in line.`
          : (message ?? ''),
    ),
  agentJoined({ id, nickname }) {
    agents.set(id, nickname);
    is('person');
    note(`${nickname} is there.`);
  },
  agentReadMessages: () => say(find('typing'), 'Read.'),
  agentTyping: (isTyping) => say(find('typing'), isTyping ? 'Typing …' : ''),
  sendMessageToUser({ output }, agentId) {
    for (const { text } of output.generic) add('agent', nameOf(agentId), asText(text));
  },
  beginTransferToAnotherAgent: () => note('You are being passed on.'),
  agentLeftChat: () => note('The agent has left.'),
  agentEndedChat() {
    is('assistant');
    note('The chat with a person is over.');
  },
  setErrorStatus({ type, messageToUser, isDisconnected }) {
    if (type === 1) {
      is('assistant');
      note(messageToUser ?? 'Nobody could be reached.');
    } else if (type === 2) note(isDisconnected ? 'The connection is lost.' : 'Connected again.');
  },
  setFileUploadStatus() {},
  persistedState: () => JSON.parse(sessionStorage.getItem(KEPT_STATE) ?? 'null') ?? undefined,
  updatePersistedState: (state) => sessionStorage.setItem(KEPT_STATE, JSON.stringify(state)),
};

async function askForPerson({ message, collected }) {
  const item = { response_type: 'connect_to_agent', message_to_human_agent: message };
  const connect = {
    output: { generic: [{ ...item, ...(collected && { transfer_info: { additional_data: collected } }) }] },
  };
  if ((await desk.areAnyAgentsOnline(connect)) === false) return note('Nobody is there now.');
  is('waiting');
  await desk.startChat(connect);
  return undefined;
}

async function send(text) {
  add('customer', 'You', text);
  try {
    if (mode !== 'assistant') {
      sent += 1;
      await desk.sendMessageToAgent({ input: { text } }, `m-${sent}`, {});
      return;
    }
    const said = await answer(text);
    add('bot', 'Assistant', said.text);
    if (said.person) await askForPerson(said.person);
  } catch {
    // What the desk could not do it has told; of the assistant nobody has.
    if (mode === 'assistant' && lines.at(-1).by === 'customer') note('The assistant does not answer.');
  }
}

desk = await serviceDeskFactory({ callback });
writing(find('form'), { send, types: () => desk.userTyping(true) });
find('end').addEventListener('click', async () => {
  is('assistant');
  note('You have left the chat with a person.');
  await desk.endChat();
});
add('bot', 'Assistant', welcome.text);
const before = sessionStorage.getItem(KEPT_MODE) ?? 'assistant';
if (before !== 'assistant' && (await desk.reconnect())) is('person');

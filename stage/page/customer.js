/** The customer's side of a Botcopy-like chat. */

import { find, say } from './dom.js';
import { showLines } from './lines.js';
import { ask, inAMoment, nowMs, onEvent } from './stage.js';
import { offer, writing } from './writing.js';

const KEPT = 'handover stage customer';
const LOOK_EVERY_MS = 1_000;

const toTheBot = ['Hello', 'Where is my order?', 'I want to talk to a person'];
const toAPerson = ['The lamp of my order is broken.', 'Thank you!'];

let botId = 'bot-1';
let chat;

const newName = () => `customer-${crypto.randomUUID().slice(0, 4)}`;

/** The same customer after the page is loaded again. */
let userId = sessionStorage.getItem(KEPT) ?? newName();
sessionStorage.setItem(KEPT, userId);

/** The name of the customer's conversation at the functions. */
export const customer = () => ({ userId, botId });

const isPaused = () => chat !== undefined && chat.pausedUntilMs > nowMs();

function leftWords(leftMs) {
  const seconds = Math.max(0, Math.round(leftMs / 1_000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

function showState() {
  const state = find('who-answers');
  state.dataset.state = isPaused() ? 'human' : 'bot';
  say(state, isPaused() ? 'A person has the conversation' : 'The bot answers');
  state.title = isPaused() ? `the bot is paused for ${leftWords(chat.pausedUntilMs - nowMs())} more` : '';
  const agent = chat?.lines.findLast(({ agentName }) => agentName)?.agentName ?? 'The agent';
  say(find('chat-typing'), chat?.typingUntilMs > nowMs() ? `${agent} is typing …` : '');
}

const nameOf = ({ by, agentName }) => (by === 'customer' ? 'You' : by === 'bot' ? 'Bot' : (agentName ?? 'Agent'));

async function look() {
  const chats = await ask('GET', '/_stage/botcopy');
  chat = chats.find((one) => one.userId === userId && one.botId === botId);
  const lines = (chat?.lines ?? []).map((line) => ({ ...line, name: nameOf(line) }));
  showLines(find('chat'), lines, 'customer');
  offer(find('customer-says'), isPaused() ? toAPerson : toTheBot, send);
  showState();
}

const lookSoon = inAMoment(look);

async function send(text) {
  lookSoon();
  await ask('POST', '/_stage/botcopy/say', { ...customer(), text }).catch(() => {});
  await look();
}

const types = () => (isPaused() ? ask('POST', '/_stage/botcopy/typing', customer()).catch(() => {}) : undefined);

/** Shows the chat as it is in a moment. */
export const showCustomerSoon = lookSoon;

/** Lets somebody be the customer of a bot. */
export async function beCustomer(ownBotId) {
  botId = ownBotId;
  writing(find('customer-form'), { send, types });
  find('new-chat').addEventListener('click', () => {
    userId = newName();
    sessionStorage.setItem(KEPT, userId);
    lookSoon();
    find('customer-text').focus();
  });
  onEvent(({ vendor }) => vendor !== 'dynamodb' && lookSoon());
  setInterval(showState, LOOK_EVERY_MS);
  await look();
}

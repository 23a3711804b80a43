/** The customer's side of a chat with a bot, whichever bot it is. */

import { botcopyChat } from './botcopy-side.js';
import { find, say } from './dom.js';
import { showLines } from './lines.js';
import { inAMoment, nowMs, onEvent } from './stage.js';
import { watsonChat } from './watson-side.js';
import { offer, writing } from './writing.js';

const KEPT = 'handover stage customer';
const LOOK_EVERY_MS = 1_000;

const toTheBot = ['Hello', 'Where is my order?', 'I want to talk to a person'];
const toAPerson = ['The lamp of my order is broken.', 'Thank you!'];

const kinds = { botcopy: botcopyChat, watson: watsonChat };

const newName = () => `customer-${crypto.randomUUID().slice(0, 4)}`;

/** The same customer after the page is loaded again. */
let userId = sessionStorage.getItem(KEPT) ?? newName();
sessionStorage.setItem(KEPT, userId);

let botId = 'bot-1';
let chat;
let seen = { lines: [], isPaused: false, typingUntilMs: 0 };

function begin() {
  chat = kinds[find('which-bot').value]({ userId, botId });
  seen = { lines: [], isPaused: false, typingUntilMs: 0 };
}

function showState() {
  const state = find('who-answers');
  state.dataset.state = seen.isPaused ? 'human' : 'bot';
  say(state, seen.isPaused ? 'A person answers' : 'The bot answers');
  const agent = seen.lines.findLast(({ by }) => by === 'agent' || by === 'system')?.name ?? 'The agent';
  say(find('chat-typing'), seen.typingUntilMs > nowMs() ? `${agent} is typing …` : '');
}

async function look() {
  const own = chat;
  const found = await own.look();
  if (own !== chat) return;
  seen = found;
  showLines(find('chat'), seen.lines, 'customer');
  offer(find('customer-says'), seen.isPaused ? toAPerson : toTheBot, send);
  showState();
}

const lookSoon = inAMoment(look);

async function send(text) {
  lookSoon();
  await chat.say(text).catch(() => {});
  await look();
}

const types = () => (seen.isPaused ? chat.types().catch(() => {}) : undefined);

/** Shows the chat as it is in a moment. */
export const showCustomerSoon = lookSoon;

/** Lets somebody be the customer of a bot. */
export async function beCustomer(ownBotId) {
  botId = ownBotId;
  begin();
  writing(find('customer-form'), { send, types });
  find('which-bot').addEventListener('change', () => {
    begin();
    lookSoon();
  });
  find('new-chat').addEventListener('click', () => {
    userId = newName();
    sessionStorage.setItem(KEPT, userId);
    begin();
    lookSoon();
    find('customer-text').focus();
  });
  onEvent(({ vendor }) => vendor !== 'dynamodb' && lookSoon());
  // A pause may end by itself.
  setInterval(lookSoon, LOOK_EVERY_MS);
  await look();
}

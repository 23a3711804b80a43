/** The agent's side: who waits, who is served, and the conversation that is chosen. */

import { hidePage, isPageShown, showPage } from './agents-page.js';
import { deskTickets, hearForDesk } from './desk-side.js';
import { button, element, find, say } from './dom.js';
import { flexTickets } from './flex-side.js';
import { genesysTickets } from './genesys-side.js';
import { showGuide } from './guide.js';
import { showLines } from './lines.js';
import { servicenowTickets } from './servicenow-side.js';
import { inAMoment, onEvent } from './stage.js';
import { offer, writing } from './writing.js';

const LOOK_EVERY_MS = 2_000;
const MOST_SHOWN = 12;

const answers = ['Hello, how can I help?', 'I am sending you a new one today.'];
const labels = { accept: 'Accept', end: 'End', leave: 'Leave' };

/** Where conversations lie: web chats and calls at Flex, a bot's where `DESK` says. */
const places = { stage: deskTickets, genesys: genesysTickets, servicenow: servicenowTickets };
let sides = [deskTickets, flexTickets];

let tickets = [];
let chosen;
/** When each ticket was seen first, as a number that counts up. */
const seen = new Map();

const agent = () => find('agent-name').value.trim() || 'Ada';
const ticket = () => tickets.find(({ key }) => key === chosen);

async function act(verb, input = {}) {
  const current = ticket();
  if (!current) return;
  lookSoon();
  try {
    say(find('ticket-note'), await current.act(verb, { agent: agent(), ...input }));
  } catch (error) {
    say(find('ticket-note'), error.message);
  }
  await look();
}

const sayText = (text) => act('say', { text });

function choose(key) {
  chosen = key;
  say(find('ticket-note'), '');
  show();
}

function makeCard({ key, source, who, why, state, agent: by }) {
  const card = button('', 'card', () => choose(key));
  card.dataset.state = state;
  card.setAttribute('aria-pressed', String(key === chosen));
  const standing = { waiting: 'waits', taken: `with ${by ?? 'an agent'}`, ended: 'ended' }[state];
  const head = element('span', '', 'card-head');
  head.append(element('b', who), element('span', source, 'source'), element('span', standing, 'standing'));
  card.append(head, element('span', why, 'why'));
  const item = element('li');
  item.append(card);
  return item;
}

function showList() {
  const list = find('tickets');
  const newest = tickets.slice(0, MOST_SHOWN);
  const look = JSON.stringify(
    newest.map(({ key, state, agent: by, who, why }) => [key, state, by, who, why, key === chosen]),
  );
  if (list.dataset.look === look) return;
  const hadFocus = list.contains(document.activeElement);
  list.dataset.look = look;
  list.replaceChildren(...newest.map(makeCard));
  if (hadFocus) list.querySelector('[aria-pressed=true]')?.focus();
  const waiting = tickets.filter(({ state }) => state === 'waiting').length;
  find('waiting-count').hidden = waiting === 0;
  say(find('waiting-count'), String(waiting));
}

function showDeeds(current) {
  const group = find('agent-does');
  const wanted = current.can.map((verb) => current.labels[verb] ?? labels[verb]);
  if (JSON.stringify([...group.children].map(({ textContent }) => textContent)) === JSON.stringify(wanted)) return;
  const buttons = current.can.map((verb, at) => {
    const made = button(wanted[at], verb === 'accept' ? 'main' : '', () => void act(verb));
    made.dataset.verb = verb;
    return made;
  });
  group.replaceChildren(...buttons);
}

function show() {
  const current = ticket();
  showList();
  find('ticket').hidden = current === undefined;
  find('no-tickets').hidden = current !== undefined;
  if (!current) return;
  const { id, source, facts, lines, canWrite, isTyping, who, handoverId } = current;
  say(find('ticket-about'), [`${source} ${id}`, ...facts.map(([name, value]) => `${name}: ${value}`)].join(' · '));
  showLines(find('ticket-lines'), lines, 'agent');
  say(find('ticket-typing'), isTyping ? `${who} is typing …` : '');
  showDeeds(current);
  offer(find('agent-says'), canWrite ? answers : [], sayText);
  find('agent-form').hidden = !canWrite;
  if (isPageShown()) void showPage(handoverId);
}

/** What waits comes first to somebody who serves nobody. */
function chooseByItself(before) {
  const news = tickets.find(({ key, state }) => state === 'waiting' && !before.has(key));
  const current = ticket();
  if (news && current?.state !== 'taken') chosen = news.key;
  else if (!current) chosen = tickets[0]?.key;
}

async function look() {
  const before = new Set(tickets.map(({ key }) => key));
  const all = await Promise.all(sides.map((tickets) => tickets()));
  for (const { key } of all.flat()) if (!seen.has(key)) seen.set(key, seen.size);
  tickets = all.flat().sort((a, b) => seen.get(b.key) - seen.get(a.key));
  chooseByItself(before);
  show();
  showGuide(tickets);
}

const lookSoon = inAMoment(look);

/** Shows the agent's side as it is in a moment. */
export const showAgentSoon = lookSoon;

/** Lets somebody be the agent. */
export async function beAgent(desk) {
  if (Object.hasOwn(places, desk)) sides = [places[desk], flexTickets];
  else if (desk !== 'flex')
    say(find('no-tickets-why'), `DESK=${desk}: a bot’s conversations go there, web chats here.`);
  writing(find('agent-form'), { send: sayText, types: () => act('typing') });
  find('show-view').addEventListener('click', () => {
    if (isPageShown()) hidePage();
    else void showPage(ticket()?.handoverId);
  });
  onEvent((event) => {
    hearForDesk(event);
    if (event.vendor !== 'dynamodb') lookSoon();
  });
  setInterval(lookSoon, LOOK_EVERY_MS);
  await look();
}

import type { StageClock } from '../clock.ts';
import type { FaultMode, Faults } from '../faults.ts';
import type { Schedule } from '../schedule.ts';
import type { BotTwin } from '../twins/bot/twin.ts';
import type { Ticket } from '../twins/desk/tickets.ts';
import type { AgentDoes, DeskTwin } from '../twins/desk/twin.ts';
import { newName, type Others } from './people.ts';
import { type Scene, type Shown, seen, soon } from './scene.ts';

interface DeskDownCast {
  readonly clock: StageClock;
  readonly bot: BotTwin;
  readonly desk: DeskTwin;
  readonly others: Others;
  readonly faults: Faults;
  readonly schedule: Schedule;
}

/** What a bot must have by then, to say something true before the customer leaves. */
const BOT_WAITS_MS = 4_000;

/** The platform's schedule comes once a minute. */
const MINUTE_MS = 60_000;

/** The desk is away when a person is asked for, and again in the middle: nobody waits on nobody, and no word is lost. */
export function deskDownScene({ clock, bot, desk, others, faults, schedule }: DeskDownCast): Scene {
  const conversationId = newName('chat');
  const behave = (mode: FaultMode) => faults.plan('desk', mode);
  // What was asked for in vain may have left tickets that are over: nothing was said in them.
  const mine = (one: Ticket) => one.conversationId === conversationId && one.lines.length > 0;
  const ticket = (): Ticket => seen(desk.tickets.all().find(mine), 'the ticket at the desk');
  const atDesk = () => ticket().lines.map(({ text }) => text);
  const pushed = (type: string) =>
    bot.inbox().filter((event) => event.type === type && event.data.conversationId === conversationId);

  /** The bot asks whether it may answer. */
  async function ask(text: string, isHeld: boolean, more: object = {}): Promise<readonly Shown[]> {
    const startedMs = clock.monotonicMs();
    const { paused, reason } = await others.ask(conversationId, { text, ...more });
    const tookMs = clock.monotonicMs() - startedMs;
    seen(paused === isHeld, `paused: ${isHeld}, not ${String(paused)}`);
    seen(tookMs < BOT_WAITS_MS, `an answer within ${BOT_WAITS_MS} ms, not after ${Math.round(tookMs)}`);
    const heard = paused ? '(a person has it)' : `(you have it${reason === undefined ? '' : `: ${String(reason)}`})`;
    return [
      { by: 'customer', text },
      { by: 'to bot', text: heard },
    ];
  }

  async function asksInVain(mode: FaultMode): Promise<readonly Shown[]> {
    behave(mode);
    const shown = await ask('I want to talk to a person', false, { handover: { topic: 'claims' } });
    seen(shown.at(-1)?.text.includes('desk_unavailable'), 'the bot told why: desk_unavailable');
    return shown;
  }

  async function act(does: AgentDoes): Promise<void> {
    const reply = await desk.act(ticket(), does);
    seen(reply?.status === 200, `handover-push takes it, not ${reply?.status ?? 'no answer'}: ${reply?.body ?? ''}`);
  }

  return {
    name: 'desk-down',
    title: 'The desk is away, at the beginning and in the middle',
    steps: [
      { title: 'The desk answers 503: the bot is told why, and goes on', see: () => asksInVain('503') },
      { title: 'The desk does not answer at all: the bot is told in time', see: () => asksInVain('hang') },
      {
        title: 'The desk is back, and an agent takes the conversation',
        async see() {
          behave('ok');
          const shown = await ask('I want to talk to a person', true, { handover: { topic: 'claims' } });
          await act({ is: 'take' });
          await soon(() => pushed('handover.agent').length > 0, 'the agent, told to the bot');
          return [...shown, { by: 'agent', text: `(has ticket ${ticket().ticket})` }];
        },
      },
      {
        title: 'The desk fails in the middle: the words wait, and the bot keeps silent',
        async see() {
          behave('503');
          const shown = [...(await ask('My claim is number 4711', true)), ...(await ask('It is still open', true))];
          seen(!atDesk().includes('It is still open'), 'nothing at the desk yet');
          return shown;
        },
      },
      {
        title: 'The desk is back: the sweep of the next minute brings the words, in order and once',
        async see() {
          behave('ok');
          await schedule.advance(MINUTE_MS);
          const texts = await soon(() => atDesk().includes('It is still open') && atDesk(), 'the words at the desk');
          seen(
            texts.slice(-2).join() === 'My claim is number 4711,It is still open',
            `both in order, not ${texts.join()}`,
          );
          return texts.slice(-2).map((text) => ({ by: 'desk', text }));
        },
      },
      {
        title: 'The desk fails for good: after three tries the bot has the conversation again, and is told so',
        async see() {
          behave('503');
          const shown = await ask('Are you still there?', true);
          for (let minute = 0; minute < 3 && pushed('handover.ended').length === 0; minute += 1)
            await schedule.advance(MINUTE_MS);
          const [ended, ...again] = pushed('handover.ended');
          seen(ended?.data.reason === 'failed', `the end with the reason failed, not ${String(ended?.data.reason)}`);
          seen(again.length === 0, 'the end told once');
          return [...shown, { by: 'to bot', text: '(you have it: failed)' }];
        },
      },
      { title: 'The bot answers again', see: () => ask('Is somebody there?', false) },
      {
        title: 'The desk is back and hears that it is over',
        async see() {
          behave('ok');
          await schedule.advance(MINUTE_MS);
          await soon(() => ticket().state === 'ended', 'the ticket ended');
          return [{ by: 'desk', text: `ticket ${ticket().ticket} is over: ${ticket().endedBecause ?? ''}` }];
        },
      },
    ],
  };
}

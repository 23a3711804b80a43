import type { Env } from '../../shared/core/settings.ts';
import { jsonCall } from './calls.ts';
import type { Cost, CountingTable } from './table-engine.ts';

export interface Operation {
  readonly what: string;
  readonly cost: Cost;
}

const lineOf = (index: number) => ({
  by: index % 2 === 0 ? 'customer' : 'bot',
  text: `This is what was said at point ${index} of the conversation, about as long`,
});

type Handler = (event: never) => Promise<{ readonly statusCode: number; readonly body: string }>;

/** What each step of a handover asks of the table. Throws when a step is not answered as expected. */
export async function tableOperations(
  handlers: Readonly<Record<'pause-check' | 'handover-push', Handler>>,
  table: CountingTable,
  env: Env,
): Promise<readonly Operation[]> {
  const operations: Operation[] = [];

  async function step(what: string, name: keyof typeof handlers, value: object, expected: object): Promise<void> {
    table.taken();
    const key = name === 'pause-check' ? env.BOT_ACCESS_TOKEN : env.DESK_API_KEY;
    const answer = await handlers[name](jsonCall(key, value) as never);
    const body = JSON.parse(answer.body);
    const wrong = Object.entries(expected).find(([field, is]) => body[field] !== is);
    if (wrong) throw new Error(`${what}: ${answer.statusCode} ${answer.body}`);
    operations.push({ what, cost: table.taken() });
  }

  const start = (conversationId: string, count: number) =>
    step(
      `a handover with ${count} lines of history`,
      'pause-check',
      {
        conversationId,
        handover: { topic: 'claims', lines: Array.from({ length: count }, (_, index) => lineOf(index)) },
      },
      { paused: true },
    );
  const said = { conversationId: 'bench-1', text: 'And then the whole thing happened again' };

  await step('a message while the bot has the conversation', 'pause-check', said, { paused: false });
  await start('bench-1', 10);
  await start('bench-2', 100);
  await step('a message of the customer to the agent', 'pause-check', said, { paused: true });
  const answer = { eventType: 'message', conversationId: 'bench-1', text: 'Let me have a look', eventId: 'e-1' };
  await step('a message of the agent to the customer', 'handover-push', answer, { delivered: true });
  const end = { eventType: 'channel_update', conversationId: 'bench-1', paused: false, eventId: 'e-2' };
  await step('the agent gives the conversation back', 'handover-push', end, { delivered: true });
  return operations;
}

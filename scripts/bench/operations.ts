import type { Env } from '../../shared/core/settings.ts';
import { jsonCall, signedCall } from './calls.ts';
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

/** One that nothing else is measured with. */
const HELPDESK_CALL = 'CA00000000000000000000000000000002';

/** What a call to the helpdesk asks of the table: as it begins, and in a turn in which a form goes on. */
export async function helpdeskOperations(
  handler: Handler,
  table: CountingTable,
  env: Env,
): Promise<readonly Operation[]> {
  let next = 'helpdesk-call';
  async function turn(more: Readonly<Record<string, string>>): Promise<Cost> {
    table.taken();
    const { statusCode, body } = await handler(signedCall(env, next, { ...more, CallSid: HELPDESK_CALL }) as never);
    const place = /helpdesk-call\?([^"]*)"/.exec(body)?.[1];
    if (place === undefined) throw new Error(`a turn of the helpdesk: ${statusCode} ${body}`);
    next = `helpdesk-call?${place.replaceAll('&amp;', '&')}`;
    return table.taken();
  }
  const began = await turn({});
  const said = { SpeechResult: 'I have a problem with my email', Confidence: '0.93' };
  return [
    { what: 'a call to the helpdesk begins', cost: began },
    { what: 'a turn of the helpdesk', cost: await turn(said) },
  ];
}

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

import { randomUUID } from 'node:crypto';
import handoverPush from '../../functions/handover-push.ts';
import pauseCheck from '../../functions/pause-check.ts';
import type { Env } from '../../shared/core/settings.ts';
import type { Table } from '../../shared/core/table.ts';
import { connect } from '../../shared/store/client.ts';
import { createTable } from '../../shared/store/create-table.ts';
import { openTable, tableSettings } from '../../shared/store/table.ts';
import { jsonCall, testSettings } from './calls.ts';
import { startDynalite } from './dynalite.ts';
import { openEnded } from './open-ended.ts';
import { patient } from './patient-table.ts';
import { type StandIn, startStandIn } from './stand-in.ts';
import { type StartedFunction, startFunction } from './start-function.ts';
import { steadyClock, stopwatch } from './steady-clock.ts';

const deskSecret = 'whsec_MDEyMzQ1Njc4OWFiY2RlZmdoaWprbG1ub3BxcnN0dXY=';
export const botSecret = 'whsec_Ym90LXB1c2gtc2VjcmV0LTAxMjM0NTY3ODlhYmNkZWY=';

const botToken = { authorization: testSettings.BOT_ACCESS_TOKEN };
const deskKey = { authorization: testSettings.DESK_API_KEY };

export interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
  readonly ms: number;
}

/** The two functions of a chat, started as a platform would, between servers that stand in for desk and bots. */
export interface ChatFunctions {
  readonly env: Env;
  readonly table: Table;
  readonly desk: StandIn;
  readonly botcopy: StandIn;
  readonly bot: StandIn;
  readonly pauseCheck: StartedFunction;
  readonly handoverPush: StartedFunction;
  ask(body: unknown, instance?: StartedFunction): Promise<Answered>;
  push(body: unknown, instance?: StartedFunction): Promise<Answered>;
  close(): Promise<void>;
}

/** Asks a started function with JSON and reads its JSON answer. */
export async function answered(
  fn: StartedFunction,
  body: unknown,
  headers: Readonly<Record<string, string>>,
): Promise<Answered> {
  const took = stopwatch();
  const reply = await fn.call(jsonCall(body, headers));
  const ms = took();
  return { status: reply.status, headers: reply.headers, body: reply.body === '' ? {} : JSON.parse(reply.body), ms };
}

/** Starts everything over an embedded table of its own. */
export async function startChatFunctions(more: Env = {}): Promise<ChatFunctions> {
  const engine = await startDynalite();
  const [desk, botcopy, bot] = await Promise.all([startStandIn({ ticket: 'T-1' }), startStandIn(), startStandIn()]);
  const env: Env = {
    DESK: 'webhook',
    DESK_WEBHOOK_URL: desk.url,
    DESK_WEBHOOK_SECRET: deskSecret,
    BOTCOPY_PUSH_URL: botcopy.url,
    BOTCOPY_API_KEY: 'botcopy-api-key-0123456789abcdef',
    BOT_PUSH_URL: bot.url,
    BOT_PUSH_SECRET: botSecret,
    AWS_ENDPOINT_URL_DYNAMODB: engine.endpoint,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    HANDOVER_TABLE: `handover-${randomUUID()}`,
    ...more,
  };
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const connection = connect({ region: 'us-east-1', endpoint: engine.endpoint, credentials });
  await createTable(connection.client, env.HANDOVER_TABLE ?? '');
  const settings = tableSettings.read({ ...testSettings, ...env }, []);
  const started = {
    pauseCheck: startFunction(patient(pauseCheck), env),
    handoverPush: startFunction(patient(handoverPush), env),
  };
  return {
    env,
    table: openTable({ settings, clock: steadyClock }).within(openEnded),
    desk,
    botcopy,
    bot,
    ...started,
    ask: (body, instance = started.pauseCheck) => answered(instance, body, botToken),
    push: (body, instance = started.handoverPush) => answered(instance, body, deskKey),
    async close() {
      connection.client.destroy();
      await Promise.all([desk.close(), botcopy.close(), bot.close(), engine.stop()]);
    },
  };
}

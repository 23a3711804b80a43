import type { WriteLine } from '../shared/core/log.ts';
import type { Env } from '../shared/core/settings.ts';
import { notedForPages } from './browser-calls.ts';
import { stageClock } from './clock.ts';
import { eventLog } from './events.ts';
import { plannedFaults } from './faults.ts';
import { findFunctions, startFunctions } from './functions.ts';
import { about, liveEvents, stagePage } from './page.ts';
import { handoverRefs } from './refs.ts';
import { stageRequests } from './requests.ts';
import { allScenes, playRequest } from './scenes/index.ts';
import { openSchedule } from './schedule.ts';
import { listen, type Served } from './server.ts';
import { hasOwnAccount, stageSettings } from './settings.ts';
import { adminClient, makeTable } from './table/admin.ts';
import { openEmbeddedTable } from './table/embedded.ts';
import { putState } from './table/put-state.ts';
import { openCast } from './twins/cast.ts';
import { webChatFiles } from './web-chat/files.ts';
import { functionUrls, localUrls, openWebhooks } from './webhooks.ts';

export interface Stage {
  /** `http://localhost:PORT`. */
  readonly url: string;
  readonly port: number;
  /** What the functions are told: the settings that were given and the stage's own. */
  readonly settings: Env;
  close(): Promise<void>;
}

interface StageOptions {
  /** Settings that replace the stage's own. */
  readonly given: Env;
  /** 0 takes any free port. */
  readonly port: number;
  /** Where the functions' log lines go. */
  readonly write: WriteLine;
}

const RESET_WAITS_MS = 10_000;

/** Opens the whole stage in this process. Resolves when every function can be called. */
export async function openStage({ given, port, write }: StageOptions): Promise<Stage> {
  const clock = stageClock();
  const faults = plannedFaults();
  const refs = handoverRefs();
  const log = eventLog((event) => refs.of(event));
  const served: Served = {
    functions: new Map(),
    requests: {},
    page: async () => undefined,
    streams: new Map(),
    sockets: new Map(),
    raw: new Map(),
    origins: [],
    local: (given.STAGE || 'local') === 'local',
  };
  const [functions, server] = await Promise.all([findFunctions(), listen(port, served)]);
  const url = `http://localhost:${server.port}`;

  let settings: Env = given;
  const env = () => settings;
  let localUrl: (publicUrl: string) => string | undefined = () => undefined;
  const webhooks = openWebhooks(log, clock, (publicUrl) => localUrl(publicUrl));
  const serves = (name: string) => served.functions.has(name);
  const parts = { log, faults, clock, env, sendWebhook: webhooks.send, serves };
  const [cast, table] = await Promise.all([
    openCast(parts),
    openEmbeddedTable(parts, (endpoint) => makeTable(endpoint, given)),
  ]);
  settings = stageSettings(given, url, { ...cast.addresses, dynamodb: table.url });
  const { PUBLIC_BASE_URL = url, FUNCTION_URLS } = settings;
  localUrl = localUrls(PUBLIC_BASE_URL, functionUrls(FUNCTION_URLS), `http://127.0.0.1:${server.port}`);

  const begin = () => {
    const started = startFunctions(functions, { env: settings, clock, write }, faults);
    served.functions = notedForPages(started, { log, clock, url });
  };
  const forget = () => {
    for (const part of [faults, refs, cast]) part.reset();
  };
  async function reset(): Promise<void> {
    clock.reset();
    forget();
    // What a call of before still asks for must not write into the new table, nor stay with a partner.
    await Promise.all([webhooks.idle(RESET_WAITS_MS), schedule.idle()]);
    forget();
    await table.reset();
    log.clear();
    begin();
  }
  const schedule = openSchedule({ functions: () => served.functions, env, clock, log });
  async function put(input: unknown): Promise<unknown> {
    const client = adminClient(given.AWS_ENDPOINT_URL_DYNAMODB || table.directUrl(), settings);
    const name = settings.HANDOVER_TABLE ?? '';
    const state = await putState({ client, table: name, nowMs: clock.nowMs(), learn: refs.learn }, input);
    client.destroy();
    return state;
  }
  begin();
  const describe = functions.map(({ name, purpose, calledBy, methods }) => ({ name, purpose, calledBy, methods }));
  const scenes = allScenes({ ...parts, cast, schedule, settings });
  served.requests = Object.assign(
    { 'GET /_stage/functions': () => describe, 'GET /_stage/about': () => about(settings, scenes) },
    stageRequests({ env: settings, clock, faults, log, schedule, putState: put, reset }),
    cast.requests,
  );
  served.sockets = cast.twilio.sockets;
  served.raw = cast.twilio.raw;
  served.origins = (settings.ALLOWED_ORIGINS ?? '').split(' ');
  const page = stagePage();
  const webChat = webChatFiles(env, () => hasOwnAccount(settings));
  served.page = async (path) => page.get(path) ?? webChat(path);
  served.streams = new Map([
    ['POST /_stage/play', playRequest(scenes)],
    ['GET /_stage/live', liveEvents(log)],
  ]);

  return {
    url,
    port: server.port,
    settings,
    async close() {
      schedule.close();
      await server.close();
      await cast.close();
      await table.close();
    },
  };
}

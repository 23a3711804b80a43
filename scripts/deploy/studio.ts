import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as v from 'valibot';
import { startDeadline } from '../../shared/core/deadline.ts';
import type { Env } from '../../shared/core/settings.ts';
import { sendHttp } from '../../shared/http/client.ts';
import { systemClock } from '../../shared/runtimes/system.ts';
import { sidOf, twilioRest } from '../../shared/twilio/rest.ts';
import { twilioSettings } from '../../shared/twilio/settings.ts';
import { root } from '../build/bundle.ts';
import { filledFlow } from './filled-flow.ts';
import { DeployError } from './plan.ts';

const HOST = 'studio.twilio.com';
/** What a dry run leaves for whoever imports the flow by hand. */
const IMPORTABLE = 'dist/studio/handover.json';

interface StudioPlan {
  readonly env: Env;
  readonly dryRun: boolean;
  say(line: string): void;
}

/** The flow that the settings name already; a first deploy makes one. */
function knownFlow({ STUDIO_WEBHOOK_URL = '' }: Env): string | undefined {
  return /\/Flows\/(FW[0-9a-f]{32})$/.exec(STUDIO_WEBHOOK_URL)?.[1];
}

const definitionFor = (env: Env) => filledFlow(readFileSync(join(root, 'studio/handover.json'), 'utf8'), env);

/** Says what a deployment would do, and writes the flow as Studio imports it. */
function onlySay({ env, say }: StudioPlan, path: string): void {
  try {
    const text = JSON.stringify(definitionFor(env), undefined, 2);
    mkdirSync(dirname(join(root, IMPORTABLE)), { recursive: true });
    writeFileSync(join(root, IMPORTABLE), `${text}\n`);
    say(`${IMPORTABLE} is the flow as Studio imports it`);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    say(`! ${error.message}`);
  }
  for (const to of ['/v2/Flows/Validate', path]) say(`POST https://${HOST}${to}  studio/handover.json`);
}

const complaints = v.object({
  message: v.optional(v.string(), ''),
  details: v.optional(
    v.object({
      errors: v.optional(v.array(v.object({ message: v.string(), property_path: v.optional(v.string(), '') })), []),
    }),
    {},
  ),
});

/** What Twilio has against a flow, as it says it. */
function complaintsIn(body: string): string {
  const read = v.safeParse(v.pipe(v.string(), v.parseJson(), complaints), body);
  if (!read.success) return '';
  const { message, details } = read.output;
  return [message, ...details.errors.map((error) => `  ${error.property_path} ${error.message}`)].join('\n');
}

/** Twilio's API, which also keeps what Twilio said when it refused something. */
function apiOf(env: Env) {
  const faults: string[] = [];
  const settings = twilioSettings.read(env, faults);
  if (faults.length > 0) throw new DeployError(faults.join('; '));
  let said = '';
  const send: typeof sendHttp = async (request) => {
    const answer = await sendHttp(request);
    said = answer.status >= 400 ? complaintsIn(answer.body) : '';
    return answer;
  };
  return { ...twilioRest(settings, send), said: () => said };
}

/** Puts the Studio flow, filled in from the settings, into the account: checked by Twilio first, then published. */
export async function deployStudio(plan: StudioPlan): Promise<void> {
  const { env, dryRun, say } = plan;
  const sid = knownFlow(env);
  const path = `/v2/Flows${sid === undefined ? '' : `/${sid}`}`;
  if (dryRun) return onlySay(plan, path);
  const form = { FriendlyName: 'Handover', Status: 'published', Definition: JSON.stringify(definitionFor(env)) };
  const twilio = apiOf(env);
  const deadline = startDeadline(systemClock, 60_000);
  const checked = await twilio.update(HOST, '/v2/Flows/Validate', form, v.object({ valid: v.literal(true) }), deadline);
  if (checked.is !== 'done')
    throw new DeployError(`Twilio does not take the flow: ${JSON.stringify(checked)}\n${twilio.said()}`);
  const flow = v.object({ sid: sidOf('FW'), webhook_url: v.string() });
  const put = sid === undefined ? twilio.create : twilio.update;
  const published = await put(HOST, path, form, flow, deadline);
  deadline.close();
  if (published.is !== 'done')
    throw new DeployError(`the flow was not published: ${JSON.stringify(published)}\n${twilio.said()}`);
  say(
    `published ${published.value.sid}; set STUDIO_WEBHOOK_URL=${published.value.webhook_url.replace(/^http:/, 'https:')}`,
  );
}

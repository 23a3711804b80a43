import { readFileSync } from 'node:fs';
import { join } from 'node:path';
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

interface StudioPlan {
  readonly env: Env;
  readonly dryRun: boolean;
  say(line: string): void;
}

/** The flow that the settings name already; a first deploy makes one. */
function knownFlow({ STUDIO_WEBHOOK_URL = '' }: Env): string | undefined {
  return /\/Flows\/(FW[0-9a-f]{32})$/.exec(STUDIO_WEBHOOK_URL)?.[1];
}

function definitionFor({ env, dryRun, say }: StudioPlan): string {
  try {
    return JSON.stringify(filledFlow(readFileSync(join(root, 'studio/handover.json'), 'utf8'), env));
  } catch (error) {
    if (!dryRun || !(error instanceof Error)) throw error;
    say(`! ${error.message}`);
    return '';
  }
}

function apiOf(env: Env) {
  const faults: string[] = [];
  const settings = twilioSettings.read(env, faults);
  if (faults.length > 0) throw new DeployError(faults.join('; '));
  return twilioRest(settings, sendHttp);
}

/** Puts the Studio flow, filled in from the settings, into the account: checked by Twilio first, then published. */
export async function deployStudio(plan: StudioPlan): Promise<void> {
  const { env, dryRun, say } = plan;
  const sid = knownFlow(env);
  const path = `/v2/Flows${sid === undefined ? '' : `/${sid}`}`;
  const form = { FriendlyName: 'Handover', Status: 'published', Definition: definitionFor(plan) };
  if (dryRun) {
    for (const to of ['/v2/Flows/Validate', path]) say(`POST https://${HOST}${to}  studio/handover.json`);
    return;
  }
  const twilio = apiOf(env);
  const deadline = startDeadline(systemClock, 60_000);
  const checked = await twilio.update(HOST, '/v2/Flows/Validate', form, v.object({ valid: v.literal(true) }), deadline);
  if (checked.is !== 'done') throw new DeployError(`Twilio does not take the flow: ${JSON.stringify(checked)}`);
  const flow = v.object({ sid: sidOf('FW'), webhook_url: v.string() });
  const put = sid === undefined ? twilio.create : twilio.update;
  const published = await put(HOST, path, form, flow, deadline);
  deadline.close();
  if (published.is !== 'done') throw new DeployError(`the flow was not published: ${JSON.stringify(published)}`);
  say(
    `published ${published.value.sid}; set STUDIO_WEBHOOK_URL=${published.value.webhook_url.replace(/^http:/, 'https:')}`,
  );
}

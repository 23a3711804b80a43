import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Env } from '../../shared/core/settings.ts';
import { root } from '../build/bundle.ts';
import { DeployError } from './plan.ts';

interface StudioPlan {
  readonly env: Env;
  readonly dryRun: boolean;
  say(line: string): void;
}

/** Says how the Studio flow gets into the account: checked by Twilio first, then published. */
export function sayStudio({ env, dryRun, say }: StudioPlan): void {
  const flows = readdirSync(join(root, 'studio')).filter((name) => name.endsWith('.json'));
  const base = env.TWILIO_API_BASE_URL ?? 'https://studio.twilio.com';
  for (const flow of flows) {
    const there = env.STUDIO_FLOW_SID ? `/${env.STUDIO_FLOW_SID}` : '';
    say(`POST ${base}/v2/Flows/Validate  Definition=studio/${flow} Status=published`);
    say(`POST ${base}/v2/Flows${there}  Definition=studio/${flow} Status=published`);
  }
  if (!dryRun) throw new DeployError('nothing was published: import the flow in the Studio console, or use --dry-run');
}

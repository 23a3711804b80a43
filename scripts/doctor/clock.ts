import type { Clock } from '../../shared/core/clock.ts';
import { startDeadline } from '../../shared/core/deadline.ts';
import type { Env } from '../../shared/core/settings.ts';
import { sendHttp } from '../../shared/http/client.ts';
import type { Check } from './check.ts';

/** Sessions and signatures are bound to the time; AWS refuses requests that are 5 minutes off. */
const MOST_SKEW_SEC = 30;

const ASK_MS = 5_000;

/** How far this machine's clock is from that of the machine that answers for the table. */
export async function checkClock(env: Env, clock: Clock): Promise<Check> {
  const what = 'the clock';
  if (!env.AWS_REGION) return { what, faults: ['AWS_REGION is missing: there is no other clock to compare with'] };
  const url = env.AWS_ENDPOINT_URL_DYNAMODB || `https://dynamodb.${env.AWS_REGION}.amazonaws.com/`;
  const deadline = startDeadline(clock, ASK_MS);
  try {
    const { headers } = await sendHttp({ method: 'GET', url, headers: {}, tryMs: ASK_MS, deadline });
    const skewSec = Math.round((clock.nowMs() - Date.parse(headers.date ?? '')) / 1_000);
    if (Number.isNaN(skewSec)) return { what, faults: ['whoever answers for the table does not tell the time'] };
    const off = Math.abs(skewSec) > MOST_SKEW_SEC;
    return { what, faults: off ? [`this machine is ${Math.abs(skewSec)} s ${skewSec > 0 ? 'ahead' : 'behind'}`] : [] };
  } catch {
    return { what, faults: ['nobody answers where the table is'] };
  } finally {
    deadline.close();
  }
}

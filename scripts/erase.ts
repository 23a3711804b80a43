import { parseArgs } from 'node:util';
import { startDeadline } from '../shared/core/deadline.ts';
import type { Elsewhere } from '../shared/core/erase/elsewhere.ts';
import { sendHttp } from '../shared/http/client.ts';
import { systemClock } from '../shared/runtimes/system.ts';
import { givenSettings } from '../stage/settings.ts';
import { root } from './build/bundle.ts';

const usage = 'npm run erase -- (--conversation <id> | --user <id> --bot <id>)';

/** Above the function's own. */
const LIMIT_MS = 12_000;

/** Whom to erase, as the function is asked. */
function asked(): Readonly<Record<string, string>> {
  const { conversation, user, bot } = parseArgs({
    options: { conversation: { type: 'string' }, user: { type: 'string' }, bot: { type: 'string' } },
  }).values;
  if (conversation !== undefined && user === undefined && bot === undefined) return { conversationId: conversation };
  if (conversation === undefined && user !== undefined && bot !== undefined) return { userId: user, botId: bot };
  throw new Error(usage);
}

async function erase(): Promise<void> {
  const body = asked();
  const { ADMIN_KEY = '', PUBLIC_BASE_URL, FUNCTION_URLS, PORT = '3000' } = givenSettings(root, process.env);
  const urls: Record<string, string> = JSON.parse(FUNCTION_URLS || '{}');
  const url = urls.erase ?? `${PUBLIC_BASE_URL || `http://localhost:${PORT}`}/erase`;
  const [key = ''] = ADMIN_KEY.split(' ');
  if (key === '') throw new Error('ADMIN_KEY is missing: in .env or in the environment');
  const deadline = startDeadline(systemClock, LIMIT_MS);
  try {
    const answer = await sendHttp({
      method: 'POST',
      url,
      headers: { authorization: key, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      tryMs: LIMIT_MS,
      deadline,
    });
    if (answer.status !== 200) throw new Error(`erase answered ${answer.status}: ${answer.body}`);
    const { deleted, elsewhere }: { deleted: number; elsewhere: readonly Elsewhere[] } = JSON.parse(answer.body);
    console.log(`${deleted} items erased`);
    for (const { holder, what, how, ids } of elsewhere)
      console.log([`\n${holder}: ${what}`, `  ${how}`, ...ids.map((id) => `  ${id}`)].join('\n'));
  } finally {
    deadline.close();
  }
}

try {
  await erase();
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}

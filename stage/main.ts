import { givenSettings } from './settings.ts';
import { openStage, type Stage } from './stage.ts';

const DEFAULT_PORT = 3_000;

/** With `--own-settings` neither the environment nor `.env` replaces a default: a demo must not call a real account. */
const ownSettings = process.argv.includes('--own-settings');
const given = ownSettings ? { PORT: process.env.PORT } : givenSettings(process.cwd(), process.env);
const port = Number(given.PORT || DEFAULT_PORT);

/** Ends when asked to, and when whoever started us is gone. */
function endWith(stage: Stage): void {
  const end = () => void stage.close().then(() => process.exit(0));
  process.once('SIGINT', end).once('SIGTERM', end).once('disconnect', end);
}

try {
  const stage = await openStage({ given, port, write: (line) => process.stdout.write(`${line}\n`) });
  endWith(stage);
  process.stdout.write(`ready ${stage.url}\n`);
} catch (error) {
  const taken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
  process.stderr.write(taken ? `port ${port} is taken; choose another: PORT=3001 npm start\n` : `${String(error)}\n`);
  process.exit(1);
}

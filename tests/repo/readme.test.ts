import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const run = promisify(execFile);
const readme = readFileSync('README.md', 'utf8');
const scripts: Record<string, string> = JSON.parse(readFileSync('package.json', 'utf8')).scripts;

interface Block {
  readonly language: string;
  readonly text: string;
}

/** The fenced blocks of a Markdown text, in order. */
function blocksOf(markdown: string): readonly Block[] {
  return [...markdown.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, language = '', text = '']) => ({ language, text }));
}

/** Matches an expected answer in which `…` stands for anything. Line ends and white space between lines do not count. */
function pattern(expected: string): RegExp {
  const escaped = expected.trim().replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll('…', '[^]*?').replace(/\s*\n\s*/g, '\\s*')}\\s*$`);
}

const blocks = blocksOf(readme);
const commands = blocks
  .map((block, at) => ({ ...block, answer: blocks[at + 1]?.language === 'sh' ? undefined : blocks[at + 1]?.text }))
  .filter(({ language }) => language === 'sh');
const npmOnly = (text: string) =>
  text
    .trim()
    .split('\n')
    .every((line) => line.startsWith('npm '));

describe('the README', () => {
  test('is short enough to be read', () => {
    expect(readme.split('\n').length).toBeLessThan(150);
  });

  test('names npm scripts that exist', () => {
    const named = [...readme.matchAll(/npm (?:run )?(\w+)/g)].map(([, name = '']) => name);
    const unknown = named.filter((name) => !['install', 'ci'].includes(name) && !(name in scripts));
    expect(unknown.filter((name) => name !== 'beyond' && name !== 'No')).toEqual([]);
  });

  test.each(commands.filter(({ text }) => npmOnly(text) && /demo|deploy/.test(text)))(
    'does what it says: $text',
    async ({ text }) => {
      for (const line of text.trim().split('\n')) {
        const [, ...args] = line.split(' ');
        await expect(run('npm', args, { timeout: 120_000 }), line).resolves.toMatchObject({});
      }
    },
    240_000,
  );
});

describe('the README beside a stage that `npm start` has started', () => {
  let stage: ChildProcess;
  let base: string;

  beforeAll(async () => {
    stage = spawn('npm', ['start'], {
      env: { ...process.env, PORT: '0' },
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true,
    });
    base = await new Promise<string>((resolve, reject) => {
      let printed = '';
      stage.stdout?.on('data', (chunk) => {
        printed += chunk;
        const ready = /^ready (http:\/\/localhost:\d+)$/m.exec(printed);
        if (ready?.[1]) resolve(ready[1]);
      });
      stage.once('exit', () => reject(new Error(`npm start ended: ${printed}`)));
    });
  }, 90_000);

  afterAll(() => {
    if (stage.pid) process.kill(-stage.pid, 'SIGTERM');
  });

  test.each(commands.filter(({ text }) => !npmOnly(text)))('answers as shown: $text', async ({ text, answer }) => {
    const script = text.replaceAll('http://localhost:3000', base);
    const { stdout } = await run('bash', ['-euo', 'pipefail', '-c', script], { timeout: 30_000 });
    expect(stdout).toMatch(pattern(answer ?? '').source === '^\\s*$' ? /^$/ : pattern(answer ?? ''));
  });

  test('tells a wrong answer from the one it shows', () => {
    expect('{"paused":false}').not.toMatch(pattern('{"paused":true,"minutesPaused":…}'));
    expect(blocksOf('```sh\na\n```\n\n```json\n{}\n```\n')).toEqual([
      { language: 'sh', text: 'a\n' },
      { language: 'json', text: '{}\n' },
    ]);
  });
});

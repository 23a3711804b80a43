import { cpus } from 'node:os';
import type { ChatAnswer } from './chat.ts';
import type { Operation } from './operations.ts';
import type { StartUp } from './start-up.ts';
import type { VoiceAnswer } from './voice.ts';

/** What was measured of one file. */
export interface Measured {
  readonly what: string;
  readonly bytes: number | undefined;
  readonly start: StartUp;
  readonly perSecond: number;
  /** The most that the ratio may be; undefined for what we only compare with. */
  readonly limit: number | undefined;
}

const table = (head: readonly string[], rows: readonly (readonly string[])[]) =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

function measuredRow({ what, bytes, start, perSecond, limit }: Measured): readonly string[] {
  return [
    what,
    bytes === undefined ? '' : `${Math.ceil(bytes / 1_000)}`,
    start.ms.toFixed(1),
    `**${start.ratio.toFixed(2)}**`,
    limit === undefined ? '' : `${limit} ${start.ratio <= limit ? '✓' : '✗'}`,
    perSecond.toLocaleString('en-US'),
  ];
}

function operationRow({ what, cost }: Operation): readonly string[] {
  const { requests, bytesUp, bytesDown, readUnits, writeUnits } = cost;
  return [what, requests, bytesUp, bytesDown, readUnits, writeUnits].map((value) => value.toLocaleString('en-US'));
}

const within = (ms: number, limitMs: number): string => `${limitMs} ${ms <= limitMs ? '✓' : '✗'}`;

const voiceRow = ({ what, medianMs, limitMs, slowMs }: VoiceAnswer): readonly string[] => [
  what,
  `**${medianMs.toFixed(1)}**`,
  within(medianMs, limitMs),
  slowMs.toFixed(1),
];

const chatRow = ({ what, medianMs, medianLimitMs, slowMs, slowLimitMs }: ChatAnswer): readonly string[] => [
  what,
  `**${medianMs.toFixed(1)}**`,
  within(medianMs, medianLimitMs),
  slowMs.toFixed(1),
  within(slowMs, slowLimitMs),
];

/** The text of docs/benchmarks.md. */
export function report(
  ours: readonly Measured[],
  peers: readonly Measured[],
  voice: readonly VoiceAnswer[],
  chat: readonly ChatAnswer[],
  operations: readonly Operation[],
): string {
  const [cpu] = cpus();
  const head = ['', 'KB', 'ms', 'times an empty one', 'at most', 'calls per second'];
  const costs = ['step', 'requests', 'bytes up', 'bytes down', 'read units', 'write units'];
  return `# Benchmarks

\`npm run bench\` measures and writes this page. Last on ${new Date().toISOString().slice(0, 10)}: Node ${process.version}, ${cpus().length} × ${cpu?.model.trim()}.

## Start

The bundles for Lambda. One start is a process that loads the bundle, serves one call and ends; it alternates with an empty function, and the figure is the
median of 30 ratios: trust the ratio, not the milliseconds. What reaches the table talks to dynalite on the same machine. \`NODE_EXTRA_CA_CERTS\` is unset: with it
every ratio shrinks. Calls per second are of a warm function in one process, one call after the other, its log lines not written.

${table(head, ours.map(measuredRow))}

## Beside what one would write instead

${table(head, peers.map(measuredRow))}

The sample (\`scripts/bench/peers/\`) is written from IBM's description of the phone integration. It checks no signature and no number; ours does both.

## What somebody on the phone waits for

On the stage, warm: a signed webhook over HTTP, with what it reads and writes in the embedded table. Milliseconds of a hundred answers each.

${table(['answer', 'median', 'at most', 'slowest twentieth'], voice.map(voiceRow))}

## What somebody in a chat waits for

On the stage, warm, stage and functions in one process: JSON over HTTP, with what it reads in the embedded table. A plain question is one request to the table.
Milliseconds of 1,000 questions, of 150 visitors, and of one message while the desk does not answer: \`pause-check\` ends by 3.5 s.

${table(['answer', 'median', 'at most', 'slowest', 'at most'], chat.map(chatRow))}

## What a handover, and a call to the helpdesk, ask of the table

Counted by a proxy before the table, a role's session token of 800 bytes included. Units are DynamoDB's on-demand ones.

${table(costs, operations.map(operationRow))}
`;
}

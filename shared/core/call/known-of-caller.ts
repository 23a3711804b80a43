import { linesOfHandover } from '../handover/told-lines.ts';
import type { CallRecord, Table } from '../table.ts';
import type { LegStep } from './leg-step.ts';
import type { KnownOfCaller } from './whisper.ts';

/** Of the lines of a handover: the last words of a customer are not far up. */
const NEWEST_LINES = 40;

type Tried = <T>(use: (table: Table) => Promise<T>) => Promise<T | undefined>;

/** What the table knows of the one who waits; whatever it does not tell in time is missing. */
export async function knownOfCaller(
  { request, handover }: Pick<LegStep, 'request' | 'handover'>,
  tried: Tried,
): Promise<KnownOfCaller & { readonly record: CallRecord | undefined; readonly openedAtMs: number | undefined }> {
  const [record, context] = await Promise.all([
    request === undefined ? undefined : tried(({ calls }) => calls.read(request)),
    handover === undefined ? undefined : tried(({ contexts }) => contexts.read(handover)),
  ]);
  const lines = context && (await tried(({ transcripts }) => linesOfHandover(transcripts, context, NEWEST_LINES)));
  const { facts, record: opened } = context ?? { facts: {}, record: undefined };
  return {
    record,
    openedAtMs: opened?.openedAtMs,
    name: facts.name ?? opened?.name ?? record?.name,
    topic: facts.topic ?? opened?.topic ?? record?.topic,
    reason: facts.reason ?? opened?.reason,
    fields: { ...opened?.fields, ...facts.fields },
    lastWords: lines?.findLast(({ by }) => by === 'customer')?.text,
  };
}

import type { HandoverContext } from '../handover/context.ts';
import { linesOfHandover } from '../handover/told-lines.ts';
import type { CallRecord, Table } from '../table.ts';
import type { LegStep } from './leg-step.ts';
import type { KnownOfCaller } from './whisper.ts';

/** Of the lines of a handover: the last words of a customer are not far up. */
const NEWEST_LINES = 40;

type Tried = <T>(use: (table: Table) => Promise<T>) => Promise<T | undefined>;

/** What is known of a caller from the handover and from the wish that led to the call, the handover first. */
export function knownOf(context: Pick<HandoverContext, 'facts' | 'record'> | undefined, wish: CallRecord | undefined) {
  const { facts = {}, record } = context ?? {};
  return {
    topic: facts.topic ?? record?.topic ?? wish?.topic,
    name: facts.name ?? record?.name ?? wish?.name,
    language: facts.language ?? record?.language ?? wish?.language,
    reason: facts.reason ?? record?.reason,
    fields: { ...record?.fields, ...facts.fields },
  };
}

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
  return {
    ...knownOf(context, record),
    record,
    openedAtMs: context?.record?.openedAtMs,
    lastWords: lines?.findLast(({ by }) => by === 'customer')?.text,
  };
}

import * as v from 'valibot';
import type { Line } from '../core/handover/line.ts';
import type { Transcripts } from '../core/table.ts';
import { packHistory, unpackHistory } from './history.ts';
import { beginningWith, DAY_MS, type Items } from './items.ts';
import { conversationPartition, keyOf, type Subject, saidPrefix, subjectOf } from './keys.ts';
import { count, jsonText, maybeText, time } from './schemas.ts';

const lineSchema = v.object({
  by: v.picklist(['customer', 'bot', 'agent', 'system']),
  text: v.string(),
  atMs: time,
});

const bytes = v.instance(Uint8Array);

/** Many more than a request can bring, so that a broken item cannot ask for parts without end. */
const parts = v.pipe(count, v.minValue(1), v.maxValue(100));

/** The first part of a history says which the others are. It is written last, so a history is there as a whole or not. */
const historySchema = v.object({ digest: v.string(), parts, packed: bytes });
const partSchema = v.object({ packed: bytes });

/** Why a handover began. */
export const handoverSchema = v.object({
  handoverId: v.string(),
  conversationId: v.string(),
  openedAtMs: time,
  topic: maybeText,
  reason: maybeText,
  name: maybeText,
  language: maybeText,
  fields: jsonText(v.record(v.string(), v.string())),
});

const markSchema = v.object({ handoverId: v.string() });

interface Said {
  readonly subject: Subject | undefined;
  readonly values: unknown;
}

const byId = (a: Line, b: Line): number => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

function singleLines(said: readonly Said[]): Line[] {
  const lines: Line[] = [];
  for (const { subject, values } of said) {
    const line = v.safeParse(lineSchema, values);
    if (subject?.kind === 'line' && line.success) lines.push({ ...line.output, id: subject.lineId });
  }
  return lines.sort(byId);
}

function historyLines(said: readonly Said[]): Line[] {
  const lines: Line[] = [];
  for (const { subject, values } of said) {
    const first = v.safeParse(historySchema, values);
    if (subject?.kind !== 'history' || !first.success) continue;
    const parts: (Uint8Array | undefined)[] = [first.output.packed];
    for (let part = 1; part < first.output.parts; part++) {
      const key = keyOf({ ...subject, kind: 'history-part', digest: first.output.digest, part });
      const stored = said.find((other) => other.subject && keyOf(other.subject).sk === key.sk);
      const parsed = v.safeParse(partSchema, stored?.values);
      parts.push(parsed.success ? parsed.output.packed : undefined);
    }
    lines.push(...(unpackHistory(parts) ?? []));
  }
  return lines;
}

/** What was said and why it was handed over: single lines one item each, a history compressed in as few as it needs. */
export function openTranscripts(items: Items): Transcripts {
  const keepMs = items.transcriptMs;
  return {
    async add(conversationId, { id, ...attributes }) {
      const key = keyOf({ kind: 'line', conversationId, lineId: id });
      return (await items.putNew({ key, attributes, keepMs, schema: lineSchema })).written;
    },

    async putHistory(conversationId, handoverId, lines) {
      const { digest, parts } = packHistory(lines);
      for (let part = parts.length - 1; part > 0; part--) {
        const key = keyOf({ kind: 'history-part', conversationId, handoverId, digest, part });
        await items.put({ key, attributes: { packed: parts[part] }, keepMs, schema: partSchema });
      }
      const key = keyOf({ kind: 'history', conversationId, handoverId });
      const attributes = { digest, parts: parts.length, packed: parts[0] };
      await items.put({ key, attributes, keepMs, schema: historySchema });
    },

    async lines(conversationId, limit) {
      const found = await items.list({ pk: conversationPartition(conversationId), sk: beginningWith(saidPrefix) });
      const said = found.map(({ key, values }) => ({ subject: subjectOf(key), values }));
      const inOrder = [...historyLines(said), ...singleLines(said)].sort((a, b) => a.atMs - b.atMs);
      const once = new Map<string, Line>();
      for (const line of inOrder) if (!once.has(line.id)) once.set(line.id, { ...line, atMs: Math.floor(line.atMs) });
      return limit > 0 ? [...once.values()].slice(-limit) : [];
    },

    async putHandover(record) {
      const { handoverId, conversationId } = record;
      const mark = keyOf({ kind: 'handover-mark', conversationId, handoverId });
      await items.put({ key: mark, attributes: { handoverId }, keepMs: keepMs + DAY_MS, schema: markSchema });
      const attributes = { ...record, fields: JSON.stringify(record.fields) };
      await items.putNew({ key: keyOf({ kind: 'handover', handoverId }), attributes, keepMs, schema: handoverSchema });
    },

    handover: (handoverId) => items.read(keyOf({ kind: 'handover', handoverId }), handoverSchema),
  };
}

import * as v from 'valibot';
import { type Contexts, type FactSource, type Facts, mergedFacts } from '../core/handover/context.ts';
import type { HandoverRecord } from '../core/table.ts';
import { DAY_MS, type Items } from './items.ts';
import { handoverPartition, keyOf, subjectOf } from './keys.ts';
import { jsonText, time } from './schemas.ts';
import { handoverSchema } from './transcripts.ts';

const text = v.optional(v.string());

const texts = v.optional(v.record(v.string(), v.string()));

const factsSchema = v.object({
  callSid: text,
  requestId: text,
  visitor: text,
  customerPhone: text,
  topic: text,
  reason: text,
  name: text,
  language: text,
  fields: texts,
  draft: texts,
  sessionHistoryKey: text,
  transferTarget: text,
  voicemail: v.optional(v.object({ recordingSid: v.string(), seconds: v.number(), text })),
  talk: v.optional(v.object({ bots: v.array(v.string()), id: v.string() })),
  returns: v.optional(v.number()),
  endReason: text,
  agent: text,
});

/** What one source told. */
export const toldSchema = v.object({ toldAtMs: time, facts: jsonText(factsSchema) });
const linkSchema = v.object({}); // what it links stands in the key

/** What is known of each handover: one item per source and per conversation, beside the record of why it began. */
export function openContexts(items: Items): Contexts {
  const keepMs = items.transcriptMs + DAY_MS; // what it began with goes first
  return {
    async tell(handoverId, source, facts, nowMs) {
      const key = keyOf({ kind: 'facts', handoverId, source });
      const attributes = { toldAtMs: nowMs, facts: JSON.stringify(facts) };
      const notNewer = { text: '#toldAtMs <= :nowMs', values: { nowMs } };
      await items.putNew({ key, attributes, keepMs, schema: toldSchema }, notNewer);
    },

    async link(handoverId, conversationId, nowMs) {
      // First the way back, by which the handover is found when the conversation is erased.
      const mark = keyOf({ kind: 'handover-mark', conversationId, handoverId });
      await items.put({ key: mark, attributes: { handoverId }, keepMs, schema: linkSchema });
      const key = keyOf({ kind: 'link', handoverId, linkedTo: conversationId });
      await items.put({ key, attributes: { linkedAtMs: nowMs }, keepMs, schema: linkSchema });
    },

    async read(handoverId) {
      let record: HandoverRecord | undefined;
      const facts: Partial<Record<FactSource, Facts>> = {};
      const toldMs: Partial<Record<FactSource, number>> = {};
      const conversations: string[] = [];
      for (const { key, values } of await items.list({ pk: handoverPartition(handoverId) })) {
        const subject = subjectOf(key);
        if (subject?.kind === 'handover') {
          const parsed = v.safeParse(handoverSchema, values);
          if (parsed.success) record = parsed.output;
        } else if (subject?.kind === 'facts') {
          const parsed = v.safeParse(toldSchema, values);
          if (!parsed.success) continue;
          facts[subject.source] = parsed.output.facts;
          toldMs[subject.source] = parsed.output.toldAtMs;
        } else if (subject?.kind === 'link') conversations.push(subject.linkedTo);
      }
      if (!record && Object.keys(facts).length === 0 && conversations.length === 0) return undefined;
      const { bot, log, refer, wish, call, agents, desk, voicemail, transcription, cdr } = toldMs;
      const told = { bot, log, refer, wish, call, agents, desk, voicemail, transcription, cdr };
      return { handoverId, record, facts: mergedFacts(facts), told, conversations: conversations.sort() };
    },
  };
}

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type FactSource, type Facts, factSources, mergedFacts } from '../../../shared/core/handover/context.ts';

const text = fc.option(fc.constantFrom('', 'a', 'b', 'c'), { nil: undefined });
const facts = fc.record(
  {
    topic: text,
    name: text,
    callSid: text,
    returns: fc.option(fc.nat(3), { nil: undefined }),
    fields: fc.dictionary(fc.constantFrom('order', 'city', 'constructor'), fc.constantFrom('', '1', '2')),
    draft: fc.dictionary(fc.constantFrom('order', 'city', 'constructor'), fc.constantFrom('', '1', '2')),
    voicemail: fc.record({ recordingSid: fc.constantFrom('RE1', 'RE2'), seconds: fc.nat(9) }),
  },
  { requiredKeys: [] },
);
const told = fc.dictionary(fc.constantFrom(...factSources), facts) as fc.Arbitrary<Partial<Record<FactSource, Facts>>>;

test('the bot is believed before the transfer, that before the wish, the call and all others', () => {
  expect(factSources.slice(0, 5)).toEqual(['bot', 'log', 'refer', 'wish', 'call']);
  const everybody = Object.fromEntries(factSources.map((source) => [source, { topic: source }]));
  for (const source of factSources) {
    expect(mergedFacts(everybody)).toEqual({ topic: source });
    delete everybody[source];
  }
  expect(mergedFacts(everybody)).toEqual({});
});

test('what one source does not know another may', () => {
  const merged = mergedFacts({
    cdr: { endReason: 'customer_hung_up', topic: 'old' },
    call: { callSid: 'CA1', returns: 0, topic: 'call', fields: { order: '1', city: 'Köln' } },
    bot: { topic: 'billing', name: '', language: undefined, fields: { order: '4711', city: '' } },
    wish: { name: 'Ada', language: 'de' },
  });
  expect(merged).toEqual({
    endReason: 'customer_hung_up',
    callSid: 'CA1',
    returns: 0,
    topic: 'billing',
    name: 'Ada',
    language: 'de',
    fields: { order: '4711', city: 'Köln' },
  });
});

test('a field with a name of the language itself is a field', () => {
  const fields = JSON.parse('{"__proto__":"x","constructor":"y"}');
  const merged = mergedFacts({ bot: { fields } });
  expect(JSON.stringify(merged)).toBe('{"fields":{"__proto__":"x","constructor":"y"}}');
  expect(Object.getPrototypeOf(merged.fields)).toBe(Object.prototype);
});

const mostBelieved = (sources: Partial<Record<FactSource, Facts>>, of: (facts: Facts) => unknown) =>
  factSources
    .flatMap((source) => sources[source] ?? [])
    .map(of)
    .find((value) => value !== undefined && value !== '');

const ownOf = (texts: Facts['fields'], name: string) => (texts && Object.hasOwn(texts, name) ? texts[name] : undefined);

test('each fact and each field is what the most believed source says that knows it, and nothing else is there', () => {
  fc.assert(
    fc.property(told, (sources) => {
      const merged = mergedFacts(sources);
      for (const fact of ['topic', 'name', 'callSid', 'returns', 'voicemail', 'reason'] as const) {
        expect(merged[fact]).toEqual(mostBelieved(sources, (facts) => facts[fact]));
        expect(Object.hasOwn(merged, fact)).toBe(merged[fact] !== undefined);
      }
      for (const fact of ['fields', 'draft'] as const) {
        for (const name of ['order', 'city', 'constructor'])
          expect(ownOf(merged[fact], name)).toBe(mostBelieved(sources, (facts) => ownOf(facts[fact], name)));
        expect(merged[fact]).not.toEqual({});
        expect(Object.hasOwn(merged, fact)).toBe(merged[fact] !== undefined);
      }
    }),
  );
});

test('in whatever order the sources are named, and merged once more, the facts are the same', () => {
  fc.assert(
    fc.property(told, (sources) => {
      const merged = mergedFacts(sources);
      expect(mergedFacts(Object.fromEntries(Object.entries(sources).reverse()))).toEqual(merged);
      for (const source of factSources) expect(mergedFacts({ [source]: merged })).toEqual(merged);
    }),
  );
});

test('a message has its words, whoever told which of them first, and never those of another', () => {
  const heard = { voicemail: { recordingSid: 'RE1', seconds: 12 } };
  const written = { voicemail: { recordingSid: 'RE1', seconds: 0, text: 'Please call' } };
  expect(mergedFacts({ voicemail: heard, transcription: written })).toEqual({
    voicemail: { recordingSid: 'RE1', seconds: 12, text: 'Please call' },
  });
  expect(mergedFacts({ transcription: written })).toEqual(written);
  const other = { voicemail: { ...heard.voicemail, recordingSid: 'RE2' } };
  expect(mergedFacts({ voicemail: other, transcription: written })).toEqual(other);
});

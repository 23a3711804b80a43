import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { expect } from 'vitest';
import type { Reply } from '../../shared/core/reply.ts';

/** One TwiML element as the caller's end reads it. */
export interface ReadVerb {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly text: string;
  readonly verbs: readonly ReadVerb[];
}

type Node = Record<string, unknown>;

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  htmlEntities: true,
});

function readNodes(nodes: readonly Node[]): ReadVerb[] {
  return nodes.flatMap((node) => {
    const name = Object.keys(node).find((key) => key !== ':@' && key !== '#text');
    if (name === undefined) return [];
    const inside = node[name] as readonly Node[];
    const text = inside.map((child) => child['#text'] ?? '').join('');
    return [{ name, attributes: (node[':@'] ?? {}) as Record<string, string>, text, verbs: readNodes(inside) }];
  });
}

/** The verbs of an answer, which must be TwiML that an independent XML parser takes, with status 200 and 64 kB at most. */
export function readTwiml(reply: Reply): readonly ReadVerb[] {
  expect(reply.status).toBe(200);
  expect(reply.headers['content-type']).toMatch(/^text\/xml/);
  expect(Buffer.byteLength(reply.body)).toBeLessThanOrEqual(64_000);
  expect(XMLValidator.validate(reply.body)).toBe(true);
  const response = readNodes(parser.parse(reply.body) as readonly Node[]).find(({ name }) => name === 'Response');
  if (!response) throw new Error('no <Response>');
  return response.verbs;
}

/** The one verb of an answer that has just one. */
export function onlyVerb(reply: Reply): ReadVerb {
  const verbs = readTwiml(reply);
  const [verb] = verbs;
  if (verb === undefined || verbs.length > 1) throw new Error(`not one verb: ${reply.body}`);
  return verb;
}

/** The decoded query of the URL that an answer redirects to. */
export function redirectQuery(reply: Reply): Readonly<Record<string, string>> {
  const verb = onlyVerb(reply);
  expect(verb.name).toBe('Redirect');
  const pairs = [...new URL(verb.text).searchParams];
  expect(new Set(pairs.map(([name]) => name)).size).toBe(pairs.length);
  return Object.fromEntries(pairs);
}

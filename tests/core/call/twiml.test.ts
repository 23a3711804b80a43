import fc from 'fast-check';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import TwilioVoiceResponse from 'twilio/lib/twiml/VoiceResponse.js';
import { describe, expect, it } from 'vitest';
import { twiml, type Verb, verb } from '../../../shared/core/call/twiml.ts';

const names = ['Dial', 'Gather', 'Hangup', 'Number', 'Pause', 'Redirect', 'Say', 'Sip'] as const;

/** Any text at all: plain, with markup, with what XML cannot hold, with halves of surrogate pairs. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc.string({
    unit: fc.constantFrom(
      '<',
      '>',
      '&',
      '"',
      "'",
      ']',
      '\0',
      '\x0b',
      '\ud800',
      '\udc00',
      '\ufffe',
      '\r',
      '\n',
      '\t',
      ' ',
      ';',
    ),
  }),
  fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)) }),
);

const attributes = fc.dictionary(
  fc.constantFrom('action', 'method', 'timeout', 'answerOnBridge', 'statusCallbackEvent', 'voice'),
  fc.oneof(
    anyText,
    fc.integer(),
    fc.boolean(),
    fc.array(fc.constantFrom('ringing', 'answered')),
    fc.constant(undefined),
  ),
);

const { tree } = fc.letrec<{ tree: Verb }>((tie) => ({
  tree: fc.record({
    name: fc.constantFrom(...names),
    attributes,
    content: fc.array(fc.oneof({ depthSize: 'small' }, anyText, tie('tree')), { maxLength: 3 }),
  }) as fc.Arbitrary<Verb>,
}));

interface XmlElement {
  ele(name: string, attributes: object): XmlElement;
  txt(text: string): XmlElement;
}

/** The same answer by the twilio package; undefined for what it refuses or writes though XML cannot hold it. */
function byTwilio(verbs: readonly Verb[]): string | undefined {
  const response = new TwilioVoiceResponse();
  const add = (parent: XmlElement, { name, attributes, content }: Verb) => {
    const element = parent.ele(name, { ...attributes });
    for (const part of content) {
      if (typeof part !== 'string') add(element, part);
      else if (part !== '') element.txt(part);
    }
  };
  try {
    for (const one of verbs) add(Object(response).response, one);
    const answer = response.toString();
    return answer === cleaned(answer) ? answer : undefined;
  } catch {
    return undefined;
  }
}

const cleaned = (text: string) =>
  [...text].filter((character) => /[\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u.test(character)).join('');

const parse = (xml: string) =>
  new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '@',
    parseTagValue: false,
    parseAttributeValue: false,
    trimValues: false,
    htmlEntities: true,
  }).parse(xml);

describe('twiml', () => {
  it('writes what a caller hears', () => {
    const answer = twiml(
      verb('Dial', { answerOnBridge: true, timeout: 20 }, verb('Sip', {}, 'sip:+15005550006@h?X-Handover-Id=h1&a=b')),
      verb('Hangup'),
    );
    expect(answer).toBe(
      '<?xml version="1.0" encoding="UTF-8"?><Response><Dial answerOnBridge="true" timeout="20">' +
        '<Sip>sip:+15005550006@h?X-Handover-Id=h1&amp;a=b</Sip></Dial><Hangup/></Response>',
    );
    expect(twiml()).toBe('<?xml version="1.0" encoding="UTF-8"?><Response/>');
  });

  it('equals the twilio package byte for byte, whatever that package accepts', () => {
    let compared = 0;
    fc.assert(
      fc.property(fc.array(tree, { maxLength: 3 }), (verbs) => {
        const theirs = byTwilio(verbs);
        if (theirs === undefined) return;
        compared++;
        expect(twiml(...verbs)).toBe(theirs);
      }),
      { numRuns: 3_000 },
    );
    expect(compared).toBeGreaterThan(500);
  });

  it('is well-formed for any text and says it, without what XML cannot hold', () => {
    fc.assert(
      fc.property(anyText, anyText, (text, url) => {
        const answer = twiml(verb('Say', { voice: url as 'man' }, `x${text}x`));
        expect(XMLValidator.validate(answer)).toBe(true);
        const said = parse(answer).Response.Say;
        expect(said['#text'] ?? said).toBe(`x${cleaned(text)}x`);
        expect(said['@voice'] ?? '').toBe(cleaned(url));
      }),
      { numRuns: 3_000 },
    );
  });
});

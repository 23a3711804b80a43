import { describe, expect, test } from 'vitest';
import { readProjectFile } from '../repo/tree.ts';
import { stageOfFile } from '../stage/stage-of-file.ts';
import { testSettings } from '../support/calls.ts';
import { loadPlatform } from '../support/platforms/load-platform.ts';

interface Schema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly description?: string;
}

interface Media {
  readonly schema: Schema;
  readonly examples?: Readonly<Record<string, { readonly value: Readonly<Record<string, unknown>> }>>;
}

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly requestBody: { readonly content: Readonly<Record<string, Media>> };
  readonly responses: Readonly<Record<string, { readonly content: Readonly<Record<string, Media>> }>>;
}

const text = readProjectFile('watson/extension.json');
const document = JSON.parse(text);
const operations: readonly (readonly [path: string, operation: Operation])[] = Object.entries(document.paths).map(
  ([path, item]) => [path, (item as { post: Operation }).post],
);
const bodyOf = ({ requestBody }: Operation) => requestBody.content['application/json'] as Media;

/** Every schema of the document with what it holds. */
function schemasIn(value: unknown): readonly Record<string, unknown>[] {
  if (typeof value !== 'object' || value === null) return [];
  return [value as Record<string, unknown>, ...Object.values(value).flatMap(schemasIn)];
}

test('row 26: the extension is valid OpenAPI 3.0 to a validator that others use', async () => {
  const { Validator } = await loadPlatform('@seriousme/openapi-schema-validator');
  const validator = new Validator();
  expect(await validator.validate(JSON.parse(text))).toEqual({ valid: true });
  expect(validator.version).toBe('3.0');
  const broken = { ...document, paths: { 'click-to-call': {} } };
  expect((await new Validator().validate(broken)).valid).toBe(false);
});

/** Source: cloud.ibm.com/docs/watson-assistant, build-custom-extension, read 2026-11-21. */
test('holds to what Watson asks of an extension', () => {
  expect(document.openapi).toMatch(/^3\.0\.\d$/);
  expect(text.length).toBeLessThan(4_000_000);
  for (const { url } of document.servers) expect(url).toMatch(/^https:\/\//);
  const forbidden = schemasIn(document).filter((one) => 'anyOf' in one || 'oneOf' in one || 'allOf' in one);
  expect(forbidden).toEqual([]);
  for (const [, operation] of operations) {
    expect(operation.summary.length).toBeGreaterThan(0);
    expect(Object.keys(operation.requestBody.content)).toEqual(['application/json']);
    expect(bodyOf(operation).schema.type).toBe('object');
    for (const { content } of Object.values(operation.responses))
      expect(Object.keys(content)).toEqual(['application/json']);
  }
  const schemes: Readonly<Record<string, { type: string; scheme?: string }>> = document.components.securitySchemes;
  const kinds = Object.values(schemes).map(({ type, scheme }) => scheme ?? type);
  expect(kinds.filter((kind) => !['basic', 'bearer', 'oauth2', 'apiKey'].includes(kind))).toEqual([]);
  const offered = document.security.flatMap(Object.keys);
  expect(offered.sort()).toEqual(Object.keys(schemes).sort());
});

test('says of every parameter what it is', () => {
  const silent = operations.flatMap(([, operation]) =>
    Object.entries(bodyOf(operation).schema.properties ?? {})
      .filter(([, { description }]) => description === undefined)
      .map(([name]) => name),
  );
  expect(silent).toEqual([]);
  expect(text).not.toMatch(/undefined|accessToken/);
});

describe('row 26: a request built from it', () => {
  const stage = stageOfFile();
  const token = testSettings.BOT_ACCESS_TOKEN;
  const proofs = {
    bearer: `Bearer ${token}`,
    basic: `Basic ${Buffer.from(`watson:${token}`).toString('base64')}`,
    key: token,
  };

  /** Sends a body as the extension would; resolves to the answer and why it is not as documented. */
  async function send(path: string, operation: Operation, body: object, authorization: string = token) {
    const [{ url, variables }] = document.servers;
    const at = new URL(url.replace('{address}', variables.address.default) + path).pathname;
    const answer = await stage.send(at, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const json = JSON.parse(await answer.text());
    const { default: Ajv } = await loadPlatform('ajv');
    const ajv = new (Ajv.default ?? Ajv)({ strict: false });
    const { [answer.status]: own, default: other } = operation.responses;
    const { schema } = Object((own ?? other)?.content['application/json']) as Media;
    const names = Object.keys(schema.properties ?? {});
    const unheardOf = Object.keys(json).filter((name) => !names.includes(name));
    return { status: answer.status, json, faults: ajv.validate(schema, json) ? unheardOf : ajv.errors };
  }

  const examples = operations.flatMap(([path, operation]) =>
    Object.entries(bodyOf(operation).examples ?? {}).map(
      ([name, { value }]) => [`${path}: ${name}`, path, operation, value] as const,
    ),
  );

  test.for(examples)('is taken and answered as it says: %s', async ([, path, operation, value]) => {
    for (const authorization of Object.values(proofs)) {
      const { status, json, faults } = await send(path, operation, value, authorization);
      expect([faults, json]).toEqual([[], json]);
      // The call that the examples ask about is nobody's.
      const isUnknown = json.error?.code === 'unknown_request' || json.code === 'unknown_request';
      if (!isUnknown) expect(status).toBeLessThan(300);
      if (value.requestId === undefined) expect(isUnknown).toBe(false);
    }
  });

  /** A value for each parameter, of the form that the document asks for. */
  const values: Readonly<Record<string, unknown>> = {
    phone: '+15005550006',
    conversationId: 'session-1',
    topic: 'claims',
    name: 'Ada',
    language: 'en-GB',
    at: new Date(Date.now() + 3_600_000).toISOString(),
    text: 'Hello',
    handover: {
      topic: 'x',
      reason: 'y',
      name: 'z',
      language: 'en',
      fields: { a: 'b' },
      lines: [{ by: 'bot', text: 'Hi' }],
    },
  };

  test('may have any parameter that it names, and no other', async () => {
    for (const [path, operation] of operations) {
      const { properties = {}, required = [] } = bodyOf(operation).schema;
      const needed = path === '/click-to-call' ? ['phone'] : required;
      const base = Object.fromEntries(needed.map((name) => [name, values[name]]));
      const optional = Object.keys(properties).filter((name) => name in values);
      const others = Object.keys(properties).filter((name) => !optional.includes(name));
      expect(['action', 'requestId', 'cancel', 'end']).toEqual(expect.arrayContaining(others));
      for (const name of optional) {
        const { status, json, faults } = await send(path, operation, { ...base, [name]: values[name] });
        expect([name, faults, json.error]).toEqual([name, [], undefined]);
        expect(status).toBeLessThan(300);
        await stage.ask('POST', '/_stage/reset');
      }
      const unheardOf = await send(path, operation, { ...base, nickname: 'x' });
      expect(unheardOf.json).toMatchObject({ error: { code: 'unknown_field' } });
      expect(unheardOf.faults).toEqual([]);
    }
  });

  test('is told what it may ask, and nothing that cannot be asked', async () => {
    for (const [path, operation] of operations) {
      const { action } = bodyOf(operation).schema.properties ?? {};
      for (const asked of action?.enum ?? []) {
        const { json } = await send(path, operation, {
          action: asked,
          phone: values.phone,
          conversationId: 'session-1',
          requestId: 'raaaaaaaaaaaaaaaa',
        });
        expect([asked, json.message]).not.toEqual([asked, 'I do not understand that request.']);
        expect([asked, json.code]).not.toEqual([asked, 'invalid_request']);
      }
    }
  });

  test('is refused without the token', async () => {
    for (const [path, operation] of operations) {
      const { status, json, faults } = await send(path, operation, { phone: values.phone }, 'Bearer nobody');
      expect([status, json.error.code]).toEqual([401, 'unauthorized']);
      expect(faults).toEqual([]);
    }
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { testSettings } from '../support/calls.ts';
import { openApiFaults } from '../support/twilio-openapi.ts';
import { basic, encoded, FLEX, restApi, type Sent } from './rest-api.ts';

const { FLEX_ADDRESS_SID } = FLEX;
const ACCOUNT = `/2010-04-01/Accounts/${testSettings.TWILIO_ACCOUNT_SID}`;

const api = () => restApi().post;

const call = {
  path: `${ACCOUNT}/Calls.json`,
  form: {
    To: '+15005550006',
    From: testSettings.TWILIO_PHONE_NUMBER,
    Url: 'https://handover.example.com/call-leg?step=customer',
    StatusCallback: 'https://handover.example.com/call-events',
    StatusCallbackEvent: ['initiated', 'completed'],
    Timeout: '25',
    MachineDetection: 'Enable',
    AsyncAmd: 'true',
  },
} as const;

const chat = {
  host: 'flex-api.twilio.com',
  path: '/v2/WebChats',
  form: { AddressSid: FLEX_ADDRESS_SID, CustomerFriendlyName: 'Ada', PreEngagementData: '{}', Identity: 'visitor-1' },
} as const;

describe('verdicts', () => {
  test('a call is placed in the form that Twilio answers', () => {
    const { status, body } = api()(call);
    expect(status).toBe(201);
    expect(body).toMatchObject({
      sid: expect.stringMatching(/^CA[0-9a-f]{32}$/),
      account_sid: testSettings.TWILIO_ACCOUNT_SID,
      status: 'queued',
      direction: 'outbound-api',
    });
  });

  test('a web chat is opened in the form that Twilio answers', () => {
    expect(api()(chat)).toMatchObject({
      status: 201,
      body: { conversation_sid: expect.stringMatching(/^CH[0-9a-f]{32}$/), identity: 'visitor-1' },
    });
  });

  const without = (name: keyof typeof call.form) => {
    const { [name]: _, ...form } = call.form;
    return { ...call, form };
  };
  test.for([
    ['no To', without('To'), 400, 21201],
    ['no From', without('From'), 400, 21213],
    ['no Url', without('Url'), 400, 21205],
    ['a number that is none', { ...call, form: { ...call.form, To: 'x@evil.example' } }, 400, 21211],
    ['a number of somebody else', { ...call, form: { ...call.form, From: '+15005550099' } }, 400, 21210],
    ['a URL that is none', { ...call, form: { ...call.form, Url: '/call-leg' } }, 400, 21205],
    ['an unknown parameter', { ...call, form: { ...call.form, Colour: 'blue' } }, 400, 20001],
    ['a timeout that is no number', { ...call, form: { ...call.form, Timeout: 'long' } }, 400, 20001],
    ['a parameter twice', { ...call, form: { ...call.form, To: ['+15005550006', '+15005550007'] } }, 400, 20001],
    ['JSON', { ...call, headers: { 'content-type': 'application/json' } }, 415, 20415],
    [
      'another account',
      { ...call, path: '/2010-04-01/Accounts/AC00000000000000000000000000000002/Calls.json' },
      404,
      20404,
    ],
    ['another path', { ...call, path: `${ACCOUNT}/Faxes.json` }, 404, 20404],
    ['another host', { ...call, host: 'studio.twilio.com' }, 404, 20404],
    ['no credentials', { ...call, headers: { authorization: '' } }, 401, 20003],
    ['wrong credentials', { ...call, headers: { authorization: basic('SK1', 'x') } }, 401, 20003],
    ['an address that is not in the account', { ...chat, form: { ...chat.form, AddressSid: 'IG2' } }, 404, 20404],
  ] as const)('%s is refused as Twilio refuses it', ([, sent, status, code]) => {
    const answer = api()(sent);
    expect(answer).toMatchObject({ status, body: { code, status, message: expect.any(String) } });
    expect(answer.body).toMatchObject({ more_info: `https://www.twilio.com/docs/errors/${code}` });
  });
});

/** What the published specification and the twin may see differently: it knows no numbers, accounts or credentials. */
const specAllows = new Set([21210, 21211, 20404]);

/** Good values for some parameters, and bad ones for those whose form the specification gives. */
const values: Readonly<Record<string, readonly string[]>> = {
  To: ['+15005550006'],
  From: [testSettings.TWILIO_PHONE_NUMBER],
  Url: ['https://handover.example.com/x', 'not a url', ''],
  Method: ['POST', 'GET', 'PUT'],
  StatusCallbackMethod: ['POST', 'PATCH'],
  Timeout: ['25', '2.5', 'long', ''],
  TimeLimit: ['3600', 'x'],
  Record: ['true', 'false', 'yes'],
  ApplicationSid: ['AP00000000000000000000000000000001', 'AP1'],
  Byoc: ['BY00000000000000000000000000000001', 'BY1'],
  MachineDetection: ['Enable'],
  Twiml: ['<Response/>'],
  CallReason: ['a call that was asked for'],
  AsyncAmdStatusCallbackMethod: ['GET', 'get'],
  Colour: ['blue'],
};

/** Whether the twin and the specification see a call in the same way. */
function agree(ask: ReturnType<typeof api>, form: NonNullable<Sent['form']>): void {
  const { status, body } = ask({ ...call, form });
  const code = Object(body).code as number | undefined;
  const faults = openApiFaults({ method: 'POST', host: 'api.twilio.com', path: call.path, body: encoded(form) });
  const refused = status >= 400 && !specAllows.has(code ?? 0);
  expect([refused, form, faults]).toEqual([faults.length > 0, form, faults]);
}

const good = { To: call.form.To, From: call.form.From, Url: call.form.Url };

test.for(Object.entries(values).flatMap(([name, list]) => list.map((value) => [name, value] as const)))(
  'the twin and the published specification agree about %s: %s',
  ([name, value]) => agree(api(), { ...good, [name]: value }),
);

test('they agree about any of these together', () => {
  const parameter = fc
    .constantFrom(...Object.keys(values))
    .chain((name) => fc.tuple(fc.constant(name), fc.constantFrom(...(values[name] ?? ['']))));
  const forms = fc
    .tuple(fc.subarray(['To', 'From', 'Url'] as const, { minLength: 2 }), fc.array(parameter, { maxLength: 4 }))
    .map(([there, more]) => ({
      ...Object.fromEntries(there.map((name) => [name, good[name]])),
      ...Object.fromEntries(more),
    }));
  const ask = api();
  fc.assert(
    fc.property(forms, (form) => agree(ask, form)),
    { numRuns: 60 },
  );
});

test('the same for web chats', () => {
  const forms = fc.record(
    {
      AddressSid: fc.constant(FLEX_ADDRESS_SID),
      Identity: fc.string(),
      PreEngagementData: fc.string(),
      Colour: fc.string(),
    },
    { requiredKeys: [] },
  );
  const ask = api();
  fc.assert(
    fc.property(forms, (form) => {
      const faults = openApiFaults({ method: 'POST', host: chat.host, path: chat.path, body: encoded(form) });
      expect(ask({ ...chat, form }).status >= 400).toBe(faults.length > 0);
    }),
    { numRuns: 50 },
  );
});

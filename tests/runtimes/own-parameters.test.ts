import * as v from 'valibot';
import { expect, test } from 'vitest';
import { eventUrl, legStepOf, legUrl } from '../../shared/core/call/leg-step.ts';
import { ownParameter } from '../../shared/core/call/own-parameter.ts';
import { toPerson } from '../../shared/core/call/to-person.ts';
import { twiml } from '../../shared/core/call/twiml.ts';
import { twilioCaller } from '../../shared/core/callers/twilio.ts';
import { startDeadline } from '../../shared/core/deadline.ts';
import { defineFunction } from '../../shared/core/function.ts';
import { publicUrls } from '../../shared/core/public-urls.ts';
import { json, xml } from '../../shared/core/reply.ts';
import { settings } from '../../shared/core/settings.ts';
import { systemClock } from '../../shared/runtimes/system.ts';
import { toTwilio } from '../../shared/runtimes/twilio.ts';
import { placeCallBy, placingSettings } from '../../shared/twilio/place-call.ts';
import { testSettings } from '../support/calls.ts';
import { keepLogLines } from '../support/log-lines.ts';
import { twilio } from '../support/platforms/platforms.ts';
import { readTwiml } from '../support/read-twiml.ts';

keepLogLines();

/** Answers with what it finds in its own URL. */
const finder = toTwilio(
  defineFunction({
    name: 'call-leg',
    purpose: 'Says what stands in its URL',
    calledBy: 'tests',
    methods: ['POST'],
    caller: twilioCaller,
    input: { media: 'form', schema: v.unknown(), names: [] },
    settings: settings({}),
    ports: {},
    deadlineMs: 2_500,
    answer: ({ inbound }) => json(200, { at: legStepOf(inbound, 'en'), requestId: ownParameter(inbound, 'requestId') }),
  }),
);

const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
const body = new TextEncoder().encode('CallSid=CA00000000000000000000000000000001&CallStatus=ringing');

/** What a function finds when Twilio Functions hands it a webhook to this URL. */
async function foundIn(url: string) {
  const query = new URL(url).search.slice(1);
  const answer = await twilio(testSettings)(finder, { method: 'POST', query, headers, body });
  return JSON.parse(answer.body);
}

const requestId = 'raaaaaaaaaaaaaaaa';
const handoverId = 'haaaaaaaaaaaaaaaa';

async function placedForm(): Promise<Readonly<Record<string, string>>> {
  const env = { ...testSettings, TWILIO_API_BASE_URL: undefined };
  const own = { ...publicUrls.read(env, []), ...placingSettings.read(env, []) };
  let form = {};
  const place = placeCallBy(own, async ({ body: sent }) => {
    form = Object.fromEntries(new URLSearchParams(sent));
    return { status: 400, headers: {}, body: '' };
  });
  const deadline = startDeadline(systemClock, 5_000);
  await place(
    { requestId, phone: '+15005550006', handoverId, queue: 'claims & co', language: 'de', maxMinutes: 60 },
    deadline,
  );
  deadline.close();
  return form;
}

test('the URLs of a placed call say on Twilio Functions which request it is for', async () => {
  const { Url = '', StatusCallback = '', AsyncAmdStatusCallback = '' } = await placedForm();
  expect((await foundIn(Url)).at).toMatchObject({
    step: 'customer',
    request: requestId,
    handover: handoverId,
    queue: 'claims & co',
    language: 'de',
  });
  for (const url of [StatusCallback, AsyncAmdStatusCallback]) expect(await foundIn(url)).toMatchObject({ requestId });
});

test('a step of a call finds on Twilio Functions all that the step before put into its URL', async () => {
  const at = {
    step: 'agent',
    request: requestId,
    handover: 'haaaaaaaaaaaaaaaa',
    queue: 'claims & co',
    waitingSinceMs: 1_767_225_600_000,
    agent: 2,
    language: 'de',
    isOutsideFlow: true,
    told: {},
  } as const;
  const { urls } = publicUrls.read(testSettings, []);
  const url = legUrl(urls, at, 'whisper');
  expect((await foundIn(url)).at).toEqual({ ...at, step: 'whisper' });
  // Nothing that one platform escapes and another does not.
  for (const one of [url, eventUrl(urls, at, 'message')]) expect(new URL(one).search).toMatch(/^\?[A-Za-z0-9._=&-]+$/);
});

test('the step that leads to a person finds there what a flow would have been told', async () => {
  const told = { HandoverReason: 'assistant_busy', HandoverError: 'closed', SessionHistoryKey: 'dev::latest' } as const;
  const own = { ...publicUrls.read(testSettings, []), studio: undefined };
  const { text } = readTwiml(xml(twiml(toPerson(own, { HandoverId: 'haaaaaaaaaaaaaaaa', ...told }))))[0] ?? {
    text: '',
  };
  expect((await foundIn(text)).at).toMatchObject({ step: 'person', handover: 'haaaaaaaaaaaaaaaa', told });
});

import { SignJWT } from 'jose';
import { parseForm } from '../../shared/core/body.ts';
import { twilioSignature } from '../../shared/core/callers/twilio.ts';
import type { Env } from '../../shared/core/settings.ts';

/** One call as Lambda hands it over, and the answer that says that it was understood. */
export interface SampleCall {
  readonly event: unknown;
  readonly status: number;
}

function event(headers: Readonly<Record<string, string>>, body: string, base64: boolean, query = '') {
  return {
    version: '2.0',
    rawQueryString: query,
    headers,
    requestContext: { http: { method: 'POST', sourceIp: '198.51.100.7' } },
    isBase64Encoded: base64,
    body: base64 ? Buffer.from(body).toString('base64') : body,
  };
}

/** What Twilio says of every call: 25 fields, of which most functions read two. */
const voiceFields = {
  AccountSid: 'AC00000000000000000000000000000001',
  ApiVersion: '2010-04-01',
  CallSid: 'CA00000000000000000000000000000001',
  CallStatus: 'in-progress',
  Direction: 'inbound',
  StirVerstat: 'TN-Validation-Passed-A',
  ...Object.fromEntries(
    ['Called', 'To', 'Caller', 'From'].flatMap((who) => [
      [who, who === 'Called' || who === 'To' ? '+15005550006' : '+15005550001'],
      [`${who}City`, 'SAN FRANCISCO'],
      [`${who}State`, 'CA'],
      [`${who}Zip`, '94105'],
      [`${who}Country`, 'US'],
    ]),
  ),
};

const KEY = 'dev::latest::893499::00000000-0000-0000-0000-000000000001';

/** A form signed by Twilio, for a function or for one of its own URLs. */
export function signedCall(env: Env, name: string, more: Readonly<Record<string, string>> = {}) {
  const body = new URLSearchParams({ ...voiceFields, ...more }).toString();
  const url = `${env.PUBLIC_BASE_URL}/${name}`;
  const signature = twilioSignature(env.TWILIO_AUTH_TOKEN ?? '', url, parseForm(Buffer.from(body)));
  const headers = { 'content-type': 'application/x-www-form-urlencoded', 'x-twilio-signature': signature };
  return event(headers, body, true, name.split('?')[1]);
}

/** A question of an agent's program. */
const agentsQuestion = (session: string) => ({
  ...event({ authorization: `Bearer ${session}`, accept: 'application/json' }, '', false),
  requestContext: { http: { method: 'GET', sourceIp: '198.51.100.7' } },
});

/** JSON with a key. */
export function jsonCall(
  authorization: string | undefined,
  value: unknown,
  more: Readonly<Record<string, string>> = {},
) {
  const headers = { 'content-type': 'application/json', authorization: authorization ?? '', ...more };
  return event(headers, JSON.stringify(value), false);
}

/** For every function a call that it answers from what is there: the table is asked, no partner is. */
export async function sampleCalls(env: Env): Promise<Readonly<Record<string, SampleCall>>> {
  const secret = Buffer.from(env.SESSION_SECRET ?? '');
  const sessionOf = (claims: { readonly sub: string; readonly role?: string }) =>
    new SignJWT({ ...claims })
      .setProtectedHeader({ alg: 'HS256' })
      .setAudience('handover')
      .setIssuedAt()
      .setExpirationTime('1h')
      .sign(secret);
  const [session, agent] = await Promise.all([
    sessionOf({ sub: 'visitor-1' }),
    sessionOf({ sub: 'ada', role: 'agent' }),
  ]);
  const refer = `<sip:+15005550008@example.com?User-to-User=${encodeURIComponent(`${KEY};encoding=ascii`)}>`;
  const origin = { origin: 'https://shop.example.com' };
  return {
    'receive-call': { event: signedCall(env, 'receive-call'), status: 200 },
    'refer-handler': { event: signedCall(env, 'refer-handler', { ReferTransferTarget: refer }), status: 200 },
    'voice-fallback': { event: signedCall(env, 'voice-fallback'), status: 200 },
    // A turn that nobody knows of: however often it comes it is read, taken anew and written.
    'helpdesk-call': { event: signedCall(env, 'helpdesk-call?turn=7&at=1767225900000'), status: 200 },
    'call-leg': { event: signedCall(env, 'call-leg', { DialCallStatus: 'no-answer' }), status: 200 },
    'call-events': { event: signedCall(env, 'call-events', { SequenceNumber: '1' }), status: 204 },
    'desk-events': { event: signedCall(env, 'desk-events', { EventType: 'onConversationUpdated' }), status: 204 },
    'agent-view': { event: agentsQuestion(agent), status: 200 },
    'bot-events': {
      event: jsonCall(env.BOT_ACCESS_TOKEN, {
        conversationId: 'c-1',
        lines: [{ by: 'bot', text: 'Hello', id: 'l-1' }],
      }),
      status: 204,
    },
    // As a schedule invokes it: nothing is due.
    sweep: { event: {}, status: 200 },
    // Nobody is allowed to: what it costs is the start, and an erasure waits for seconds.
    erase: { event: jsonCall('nobody', { conversationId: 'c-1' }), status: 401 },
    'pause-check': { event: jsonCall(env.BOT_ACCESS_TOKEN, { conversationId: 'c-1', text: 'Hello?' }), status: 200 },
    'handover-push': {
      event: jsonCall(env.DESK_API_KEY, { eventType: 'channel_update', conversationId: 'c-1', paused: false }),
      status: 200,
    },
    'click-to-call': { event: jsonCall(env.BOT_ACCESS_TOKEN, { requestId: 'r0000000000000000' }), status: 404 },
    'flex-token': { event: jsonCall(`Bearer ${session}`, { action: 'end' }, origin), status: 200 },
  };
}

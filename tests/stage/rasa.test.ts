import { describe, expect, test } from 'vitest';
import { stageOfFile } from './stage-of-file.ts';

const stage = stageOfFile();

interface Server {
  readonly url: string;
  readonly authorization: string;
}

/** The servers as the functions are told of them. */
function servers(): { readonly helpdesk: Server; readonly orders: Server } {
  const { RASA_URL: url = '', RASA_AUTHORIZATION: authorization = '', HANDOFF_BOTS = '' } = stage.settings;
  return { helpdesk: { url, authorization }, orders: { url: JSON.parse(HANDOFF_BOTS).orders.url, authorization: '' } };
}

async function post(body: unknown, { url, authorization }: Server, path = '/webhooks/rest/webhook') {
  const headers = { 'content-type': 'application/json', ...(authorization && { authorization }) };
  const answer = await fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  const text = await answer.text();
  return { status: answer.status, json: text.startsWith('<') ? text : JSON.parse(text) };
}

/** A conversation with a server, turn by turn: what it answers as text, with its buttons or its custom payload. */
async function talk(host: 'helpdesk' | 'orders', ...messages: readonly string[]) {
  const server = servers()[host];
  const told: unknown[] = [];
  for (const message of messages) {
    const { json } = await post({ sender: 'h1', message }, server);
    told.push(json.map((one: Record<string, unknown>) => one.custom ?? one.text));
  }
  return told;
}

describe('the Rasa server', () => {
  test('speaks the REST channel to the letter', async () => {
    const { helpdesk } = servers();
    const { status, json } = await post({ sender: 'h1', message: 'I want to open an incident' }, helpdesk);
    expect([status, json]).toEqual([200, [{ recipient_id: 'h1', text: 'What is your email address?' }]]);
    const priority = await post({ sender: 'h1', message: 'ada@example.com' }, helpdesk);
    expect(priority.json).toEqual([
      {
        recipient_id: 'h1',
        text: 'What is the priority of this issue?',
        buttons: ['low', 'medium', 'high'].map((title) => ({ title, payload: `/inform{"priority":"${title}"}` })),
      },
    ]);
    expect((await post({ sender: 'h1' }, helpdesk)).status).toBe(400);
    expect((await post({}, helpdesk, '/webhooks/twilio_voice/webhook')).status).toBe(404);
    expect((await post({}, { ...helpdesk, authorization: 'Basic eDp5' })).status).toBe(401);
    const health = { headers: { authorization: helpdesk.authorization } };
    expect(await (await fetch(`${helpdesk.url}/webhooks/rest/`, health)).json()).toEqual({ status: 'ok' });
    expect((await fetch(`${helpdesk.url}/webhooks/rest/webhook`, health)).status).toBe(405);
  });

  test('plays the helpdesk of the source', async () => {
    const said = ['hello', 'help me reset my password', 'ada@example.com', 'urgent', 'high', 'It is stuck', '/affirm'];
    expect(await talk('helpdesk', ...said, 'thanks', 'what?', 'crash', 'bye')).toEqual([
      ['Hello!', 'I can help you open a service request ticket, or check the status of your open incidents.'],
      ['What is your email address?'],
      ['What is the priority of this issue?'],
      ['Sorry, "urgent" is not a valid priority. Please try again.', 'What is the priority of this issue?'],
      ['What is the problem description for the issue?'],
      [expect.stringMatching(/^Should I open an incident.*title: Problem resetting password\npriority: high$/s)],
      [expect.stringMatching(/^An incident with the following details would be opened.*description: It is stuck/s)],
      ["You're welcome!"],
      ["I didn't quite understand that. Could you rephrase?"],
      [],
      ['Bye', { end: true }],
    ]);
  });

  test('hands over to the other bot, which hands back to whoever did', async () => {
    const { helpdesk, orders } = servers();
    const [human, handed] = await talk('helpdesk', 'a human please', '/trigger_handoff{"handoff_to":"orders"}');
    expect(human).toHaveLength(2);
    expect(handed).toEqual([
      "Alright, I'll try to transfer you.",
      { handoff_host: orders.url, title: 'the order bot' },
    ]);
    const from = `/handoff${JSON.stringify({ from_host: helpdesk.url })}`;
    expect(await talk('orders', from, 'where is it', 'number 4711', 'back')).toEqual([
      ['Hello, this is the order bot.', 'What is the number of your order?'],
      ['Please tell me the number of your order, or say back.'],
      ['Order 4711 is on its way.'],
      ['Alright, back to the helpdesk.', { handoff_host: helpdesk.url, title: 'the helpdesk' }],
    ]);
    expect(await stage.ask<unknown[]>('GET', '/_stage/rasa')).toMatchObject([
      { host: 'helpdesk', sender: 'h1' },
      { host: 'orders', sender: 'h1', from: helpdesk.url },
    ]);
  });

  test('says what it is told to say, and then its own again', async () => {
    await stage.ask('POST', '/_stage/rasa/script', { answers: [[{ text: 'One\n\nTwo' }, { custom: { a: 1 } }], []] });
    expect(await talk('helpdesk', 'hello', 'hello', 'thanks')).toEqual([
      ['One', 'Two', { a: 1 }],
      [],
      ["You're welcome!"],
    ]);
  });

  test.for([
    ['500', 500],
    ['503', 503],
    ['429', 429],
    ['html', 200],
  ] as const)('fails as planned: %s', async ([mode, status]) => {
    await stage.ask('POST', '/_stage/faults', { vendor: 'rasa', mode: [mode] });
    const { helpdesk } = servers();
    const failed = await post({ sender: 'h1', message: 'hello' }, helpdesk);
    expect(failed.status).toBe(status);
    expect(await stage.ask('GET', '/_stage/rasa')).toEqual([]);
    expect(JSON.stringify(await stage.events())).not.toContain(helpdesk.authorization);
  });
});

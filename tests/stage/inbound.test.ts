import { describe, expect, test } from 'vitest';
import { stageOfFile } from './stage-of-file.ts';

const WW = 'WW00000000000000000000000000000001';

interface Call {
  readonly callSid: string;
  readonly parentCallSid?: string;
  readonly status: string;
  readonly to: string;
  readonly from: string;
  readonly heard: readonly { readonly by: string; readonly text: string }[];
  readonly longestSilenceSec: number;
  readonly alerts: readonly { readonly code: number }[];
  readonly flow: readonly string[];
}

interface Task {
  readonly workflowSid: string;
  readonly state: string;
  readonly attributes: Readonly<Record<string, string>>;
}

interface AssistantCall {
  readonly uri: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly sessionHistoryKey: string;
}

/** One caller on a stage, whom nobody may leave in silence. */
function phones(given: Readonly<Record<string, string>> = {}) {
  const stage = stageOfFile(given);
  const calls = () => stage.ask<Call[]>('GET', '/_stage/calls');
  const tasks = async () => (await stage.ask<{ tasks: Task[] }>('GET', '/_stage/flex')).tasks;
  const assistant = (script: object) => stage.ask('POST', '/_stage/watson/script', script);
  async function begin(input: object = {}) {
    const { callSid } = await stage.ask<{ callSid: string }>('POST', '/_stage/call-in', input);
    const leg = async () => {
      const found = (await calls()).find((one) => one.callSid === callSid);
      if (!found) throw new Error('no such call');
      return found;
    };
    const heard = async () => (await leg()).heard.map(({ text }) => text).join('\n');
    return {
      callSid,
      leg,
      heard,
      hears: (text: RegExp) => expect.poll(heard, { timeout: 5_000 }).toMatch(text),
      /** Waits for the end, and sees that all was as a caller may expect. */
      async ends() {
        await expect.poll(async () => (await leg()).status, { timeout: 5_000 }).toBe('completed');
        const { alerts, longestSilenceSec } = await leg();
        expect(alerts).toEqual([]);
        expect(longestSilenceSec).toBeLessThanOrEqual(10);
      },
    };
  }
  async function task() {
    await expect.poll(tasks, { timeout: 10_000 }).toHaveLength(1);
    const [one] = await tasks();
    if (!one) throw new Error('no task');
    return one;
  }
  return {
    stage,
    calls,
    tasks,
    task,
    assistant,
    begin,
    assistants: () => stage.ask<AssistantCall[]>('GET', '/_stage/watson'),
    accept: () => stage.ask('POST', '/_stage/flex/accept', { ends: 'hang-up' }),
    later: (minutes: number) => stage.ask('POST', '/_stage/clock', { advanceMs: minutes * 60_000 }),
    people: (scripts: object) => stage.ask('POST', '/_stage/people', scripts),
    fault: (vendor: string, mode: string | readonly string[]) => stage.ask('POST', '/_stage/faults', { vendor, mode }),
  };
}

/** Long enough to be written down. */
const MESSAGE = 'Please call me back about my car and its broken window. Thank you.';
const wantsPerson = { says: ['I want to talk to a person'] };

describe('a number with a flow', () => {
  const { stage, calls, task, tasks, assistant, assistants, begin, accept, later, people, fault } = phones();

  test('row 1: the assistant is dialled by SIP with the handover, and the call can come back', async () => {
    const { callSid, hears } = await begin();
    await hears(/this is the assistant/);
    const [call] = await assistants();
    expect(call?.uri).toMatch(/^sip:\+15005550010@sip\.example\.com;secure=true\?X-Handover-Id=h[a-z2-7]{16}$/);
    expect(call?.headers['x-handover-id']).toBe(/h[a-z2-7]{16}$/.exec(call?.uri ?? '')?.[0]);
    await stage.ask('POST', '/_stage/calls/hang-up', { callSid });
  });

  test.for(['client:bob', 'sip:x@evil.example;foo=?X-A=1&', '+1', '+15005550006@evil.example', '%2B15005550006'])(
    'row 2: a call for %s reaches no assistant, but a person',
    async (to) => {
      await begin({ to });
      expect((await task()).attributes).toMatchObject({ handoverError: 'bad_called' });
      expect(await assistants()).toEqual([]);
      expect((await calls()).map((leg) => leg.to)).toEqual([to]);
    },
  );

  test.for([
    ['busy', 'assistant_busy'],
    ['no-answer', 'assistant_no_answer'],
    ['failed', 'assistant_failed'],
  ] as const)(
    'row 3: an assistant that is %s leads to a person, who is told why',
    async ([answers, handoverReason]) => {
      await assistant({ answers });
      const { leg, hears, ends } = await begin();
      expect((await task()).attributes).toMatchObject({ handoverReason, handoverId: expect.stringMatching(/^h/) });
      await hears(/You are next in line/);
      expect((await leg()).flow).toEqual(['Trigger', 'redirect_to_watson', 'why_it_came_back', 'to_a_person']);
      await accept();
      await ends();
    },
  );

  test('row 3: an assistant that transfers by hanging up leads to a person, who knows what it was about', async () => {
    await assistant({ ends: 'bye', messageToAgent: 'wants to report a dent', variables: { plate: 'AB 123' } });
    const { hears, ends } = await begin(wantsPerson);
    expect((await task()).attributes).toMatchObject({
      handoverReason: 'assistant_transfer',
      reason: 'wants to report a dent',
    });
    await hears(/connect you with a person/);
    await accept();
    await ends();
  });

  test.for([{ ends: 'drop' }, { ends: 'bye', webhooks: [] }])(
    'row 3: an assistant that hangs up, as far as anybody was told, ends the call: %o',
    async (script) => {
      await assistant(script);
      const { ends, leg } = await begin(wantsPerson);
      await ends();
      expect(await tasks()).toEqual([]);
      expect((await leg()).flow.at(-1)).toBe('after_the_assistant');
    },
  );

  test('row 3: where the table cannot tell what the end of the leg means, there is a person', async () => {
    const { hears, leg } = await begin({ says: ['Hello'] });
    await hears(/I have noted that/);
    await fault('dynamodb', 'hang');
    await stage.ask('POST', '/_stage/calls/say', { callSid: (await leg()).callSid, text: 'Thanks, goodbye' });
    expect((await task()).attributes).toMatchObject({ handoverError: 'unavailable' });
    await accept();
  });

  test.for([
    ['ascii', 'whole'],
    ['hex', 'whole'],
  ] as const)('row 5: the agent has the key that came in %s', async ([encoding, longRefer]) => {
    await assistant({ encoding, longRefer });
    await begin(wantsPerson);
    const { attributes } = await task();
    expect(attributes.sessionHistoryKey).toBe((await assistants())[0]?.sessionHistoryKey);
  });

  test('row 6: a target that is cut off gives no key, but the handover, and nothing of it is in the log', async () => {
    await assistant({ encoding: 'hex', longRefer: 'cut' });
    await begin(wantsPerson);
    const { attributes } = await task();
    const [call] = await assistants();
    expect(attributes).not.toHaveProperty('sessionHistoryKey');
    expect(attributes.handoverId).toBe(call?.headers['x-handover-id']);
    const logged = stage.lines.find((line) => line.includes('"refer-handler"'));
    expect(JSON.parse(logged ?? '{}')).toMatchObject({ key: false });
    const key = call?.sessionHistoryKey ?? '';
    for (const secret of [key, Buffer.from(key).toString('hex')])
      expect(stage.lines.join('\n')).not.toContain(secret.slice(20));
  });

  test('row 6: a target that is too long is said in the log, without the key', async () => {
    await assistant({ encoding: 'hex', longRefer: 'whole' });
    await begin(wantsPerson);
    await task();
    const logged = stage.lines.find((line) => line.includes('"refer-handler"'));
    expect(JSON.parse(logged ?? '{}')).toMatchObject({ key: true, tooLong: true, stored: true });
    expect(logged).not.toContain('6465763a3a');
  });

  test('row 6: a target that is refused leaves the caller with the assistant', async () => {
    await assistant({ encoding: 'hex', longRefer: 'refused' });
    const { hears } = await begin(wantsPerson);
    await hears(/I am still here/);
  });

  test('row 7: the flow gets key and handover from the REFER, each as one value', async () => {
    await assistant({ referTo: '<sip:queue@flex.twilio.com?User-to-User=abc%26FlowEvent%3Daudio>' });
    const { leg } = await begin(wantsPerson);
    const { attributes } = await task();
    expect(attributes).not.toHaveProperty('sessionHistoryKey');
    expect((await leg()).flow).toEqual(['Trigger', 'redirect_to_watson', 'why_it_came_back', 'to_a_person']);
  });

  test('row 8: when the functions fail, the flow itself finds a Flex agent', async () => {
    await assistant({ answers: 'busy' });
    await fault('internal', ['ok', 'ok', 'throw']);
    const { leg, ends } = await begin();
    const { attributes, workflowSid } = await task();
    expect(workflowSid).toBe(WW);
    expect(attributes).toMatchObject({ type: 'inbound', handoverReason: 'assistant_busy' });
    expect((await leg()).flow.slice(-2)).toEqual(['what_came_of_it', 'send_to_flex']);
    await accept();
    await ends();
  });

  test('row 8: a caller whom nobody takes is asked what they want instead', async () => {
    const { leg, hears, ends } = await begin({
      ...wantsPerson,
      presses: ['2'],
      speaks: [MESSAGE],
    });
    await task();
    await hears(/You are next in line/);
    await later(20);
    await hears(/To leave a message, press 2/);
    await hears(/leave your message/);
    await ends();
    expect((await leg()).flow.slice(-3)).toEqual(['to_a_person', 'what_came_of_it', 'nobody_there']);
  });

  test('the target of a REFER that is not listed is never dialled', async () => {
    await assistant({ referTo: '<tel:+19005551234>' });
    await begin(wantsPerson);
    await task();
    expect((await calls()).some(({ to }) => to.includes('1900'))).toBe(false);
  });

  test('a caller who hangs up in line leaves no task behind', async () => {
    await people({ '+15005550001': {} });
    const { ends } = await begin({ ...wantsPerson, hangsUpAt: 'queue' });
    await ends();
    await expect.poll(async () => (await tasks()).map(({ state }) => state)).toEqual(['canceled']);
  });

  test('a table that hangs keeps nobody waiting, and the agent still has key and handover', async () => {
    await fault('dynamodb', 'hang');
    const { leg, hears } = await begin(wantsPerson);
    const { attributes } = await task();
    expect(attributes.sessionHistoryKey).toBe((await assistants())[0]?.sessionHistoryKey);
    expect(attributes.handoverId).toMatch(/^h[a-z2-7]{16}$/);
    await hears(/in line/);
    expect((await leg()).longestSilenceSec).toBeLessThanOrEqual(10);
    await accept();
  });
});

describe('a number without a flow', () => {
  const { task, tasks, assistant, assistants, begin, accept, later, stage } = phones({ STUDIO_WEBHOOK_URL: 'none' });

  test('row 9: a caller goes straight into the line of the workflow, with attributes that nothing can break', async () => {
    const messageToAgent = 'says "no", </Task> & {{more}} \\';
    await assistant({ messageToAgent });
    const { hears, ends, leg } = await begin(wantsPerson);
    const { attributes, workflowSid } = await task();
    const [call] = await assistants();
    expect(workflowSid).toBe(WW);
    expect(attributes).toMatchObject({
      sessionHistoryKey: call?.sessionHistoryKey,
      handoverId: call?.headers['x-handover-id'],
      reason: messageToAgent,
      handoverUrl: expect.stringContaining('/agent-view?handoverId=h'),
    });
    await hears(/You are next in line/);
    expect((await leg()).flow).toEqual([]);
    await accept();
    await ends();
  });

  test.for([{ answers: 'busy' }, { answers: 'failed' }, { answers: 'no-answer' }])(
    'row 3: an assistant that does not answer leads into line: %o',
    async (script) => {
      await assistant(script);
      const { ends } = await begin();
      expect((await task()).attributes.handoverReason).toMatch(/^assistant_(busy|failed|no_answer)$/);
      await accept();
      await ends();
    },
  );

  test('row 3: a normal goodbye rings nobody, and nothing goes to a flow', async () => {
    const { ends } = await begin({ says: ['That is all, goodbye'] });
    await ends();
    expect(await tasks()).toEqual([]);
    expect((await stage.events()).filter(({ url }) => url.includes('webhooks.twilio.com'))).toEqual([]);
  });

  test('a caller whom nobody takes may leave a message', async () => {
    await assistant({ answers: 'busy' });
    const { hears, ends } = await begin({ presses: ['2'], speaks: [MESSAGE] });
    await task();
    await hears(/in line/);
    await later(20);
    await hears(/we have your message/);
    await ends();
  });
});

describe('phones instead of Flex', () => {
  const { calls, tasks, assistant, begin, people } = phones({
    FLEX_WORKFLOW_SID: 'none',
    REFER_TARGETS: 'tel:+15005550009',
  });

  test('row 3: they are rung one after the other from the flow, and after them there is something else', async () => {
    await assistant({ answers: 'busy' });
    await people({ '+15005550008': { answers: 'busy' } });
    const { leg, hears, ends } = await begin({ presses: ['9', '2'], speaks: [MESSAGE] });
    await hears(/One moment please/);
    await hears(/To leave a message, press 2/);
    await ends();
    expect((await leg()).flow.slice(-3)).toEqual(['to_a_person', 'what_came_of_it', 'nobody_there']);
    expect(await tasks()).toEqual([]);
  });

  test('a REFER to a listed target dials it, and a person takes the call when nobody answers there', async () => {
    await assistant({ referTo: '<tel:+15005550009>' });
    await people({
      '+15005550009': { answers: 'no-answer' },
      '+15005550008': { presses: ['1'], says: ['Hello, Ada here'], ends: 'hang-up' },
    });
    const { hears, ends } = await begin(wantsPerson);
    await hears(/Ada here/);
    await ends();
    expect((await calls()).filter(({ parentCallSid }) => parentCallSid).map(({ to }) => to)).toEqual([
      expect.stringMatching(/^sip:/),
      '+15005550009',
      '+15005550008',
    ]);
  });
});

describe('outside business hours', () => {
  const { tasks, assistant, begin } = phones({ BUSINESS_HOURS: '{"timeZone":"UTC","weekly":{}}' });

  test('a caller hears so and may leave a message', async () => {
    await assistant({ answers: 'busy' });
    const { leg, hears, ends } = await begin({ presses: ['2'], speaks: [MESSAGE] });
    await hears(/We are closed at this time/);
    await hears(/we have your message/);
    await ends();
    expect((await leg()).flow.at(-1)).toBe('nobody_there');
    expect(await tasks()).toEqual([]);
  });
});

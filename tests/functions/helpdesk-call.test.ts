import { describe, expect, test } from 'vitest';
import { handoverOfCall } from '../../shared/core/call/call-handover.ts';
import { ACCOUNT_SID, callSidOf, helpdesk, scriptedBot } from '../support/voice-calls.ts';

const handoverId = handoverOfCall({ AccountSid: ACCOUNT_SID, CallSid: callSidOf(1) }) ?? '';

const priorities = ['low', 'medium', 'high'].map((title) => ({ title, value: `/inform{"priority":"${title}"}` }));

/** A bot that speaks like a form: greets in two messages, asks for a priority with buttons, says goodbye. */
const form = () =>
  scriptedBot(({ heard }) => {
    switch (heard.is) {
      case 'start':
        return { says: [{ text: 'Hello!' }, { text: 'How can I help you?' }] };
      case 'words':
        if (heard.text === 'bye') return { says: [{ text: 'See you.' }], next: 'hang-up' };
        return { says: [{ text: 'What is the priority?' }], choices: priorities };
      case 'choice':
        return { says: [{ text: `It is ${heard.title}.` }], known: { fields: { priority: heard.title } } };
      default:
        return { says: [{ text: 'What?' }], isUnderstood: false };
    }
  });

describe('row 39: the voice turn loop', () => {
  test('row 39: all that a bot says is heard in order, its buttons with their keys, and a key or a title picks one', async () => {
    const bot = form();
    const caller = helpdesk({ bot }).caller();
    const hello = await caller.calls();
    expect(hello.said).toBe('Hello! How can I help you?');
    expect(hello.ends).toBe('Gather');
    expect(hello.gather).toMatchObject({ input: 'speech dtmf', method: 'POST', actionOnEmptyResult: 'true' });
    const asked = await caller.says('my mail is broken');
    expect(asked.said).toBe('What is the priority? For low, press 1. For medium, press 2. For high, press 3.');
    expect((await caller.presses('2')).said).toBe('It is medium.');
    await caller.says('my mail is broken');
    expect((await caller.says('High, please.')).said).toBe('It is high.');
    await caller.says('my mail is broken');
    expect((await caller.says('option one')).said).toBe('It is low.');
    const bye = await caller.says('bye');
    expect([bye.said, bye.ends]).toEqual(['See you.', 'Hangup']);
    expect(bot.turns.map(({ heard }) => heard.is)).toEqual([
      ...['start', 'words', 'choice', 'words', 'choice', 'words', 'choice', 'words'],
    ]);
  });

  test('row 39: who says nothing three times is asked in other words each time, and then gets a person', async () => {
    const { caller, table } = helpdesk({ bot: form() });
    const call = caller();
    await call.calls();
    const first = await call.waits();
    const second = await call.waits();
    expect(first.said).toBe('Sorry, I did not hear you. How can I help you?');
    expect(second.said).toMatch(/keys of your phone.*agent.*How can I help you\?$/);
    const third = await call.waits();
    expect(third.ends).toBe('Redirect');
    expect(third.leadsTo).toBe(
      `https://handover.example.com/call-leg?step=person&handover=${handoverId}&reason=assistant_transfer`,
    );
    const known = await table.contexts.read(handoverId);
    expect(known).toMatchObject({ facts: { reason: 'silence', customerPhone: '+15005550001', callSid: callSidOf(1) } });
  });

  test('row 39: whoever asks for a person gets one at once, with all that was said', async () => {
    const { caller, table } = helpdesk({ bot: form() });
    const call = caller();
    await call.calls();
    await call.says('my mail is broken');
    await call.presses('3');
    const person = await call.says('Can I speak to an agent please?');
    expect(person.ends).toBe('Redirect');
    expect((await table.transcripts.lines(handoverId, 100)).map(({ by, text }) => `${by}: ${text}`)).toEqual([
      'bot: Hello!',
      'bot: How can I help you?',
      'customer: my mail is broken',
      'bot: What is the priority?',
      'customer: high',
      'bot: It is high.',
      'customer: Can I speak to an agent please?',
      'bot: All right. I am connecting you with a person.',
    ]);
    expect((await table.contexts.read(handoverId))?.facts).toMatchObject({
      reason: 'asked_for_person',
      fields: { priority: 'high' },
    });
  });
});

import { describe, expect, test } from 'vitest';
import { answered, builtDesks, connectMessage, says, shapes } from './desk-scene.ts';

const open = builtDesks();

describe.for(shapes)('row 14: %s', (shape) => {
  test('a chat begins, words go both ways, the customer ends it', async () => {
    const { desk, chat, people, flexToken } = await open(shape);
    await desk.startChat(connectMessage());
    expect(chat.calls[0]).toEqual([
      'updateCapabilities',
      {
        allowFileUploads: true,
        allowMultipleFileUploads: true,
        allowedFileUploadTypes: 'image/jpeg,image/png,image/gif,image/webp,application/pdf,text/plain',
      },
    ]);
    people.joins('worker-1', { name: 'Ada', avatarUrl: 'https://cdn.example.com/ada.png' });
    people.says('worker-1', 'Hello, how can I help?');
    await says(desk, 'My parcel is lost');
    const lines = ['joined worker-1 as Ada https://cdn.example.com/ada.png', 'worker-1: Hello, how can I help?'];
    await expect.poll(() => chat.lines).toEqual(lines);
    expect(people.sent).toEqual(['My parcel is lost']);
    await desk.endChat({ endedByHumanAgent: false });
    expect(people.deeds).toContain('leave');
    expect(flexToken.actions).toEqual(['start', 'availability', 'end']);
    people.says('worker-1', 'Are you there?');
    await desk.endChat({});
    expect(chat.lines).toEqual(lines);
    expect(flexToken.actions).toHaveLength(3);
  });

  /** What the example desk of the sources does when somebody writes its words. */
  test('the script of the example desk: help, someone else, disconnect and reconnect, end chat', async () => {
    const { desk, chat, people, clock, flexToken } = await answered(await open(shape), 'Kirk');
    people.onSent = (text) => {
      const agent = people.sent.includes('someone else') ? 'McCoy' : 'Kirk';
      if (text === 'help') {
        people.reads(agent);
        people.types(agent, true);
        people.types(agent, false);
        people.says(agent, '- **help**: I will repeat these instructions.');
      } else if (text === 'someone else') {
        people.leaves('Kirk');
        people.joins('McCoy');
        people.types('McCoy', true);
        people.says('McCoy', 'Hello, I am Dr. Leonard McCoy.');
      } else if (text === 'disconnect and reconnect') people.tells({ kind: 'connection', is: 'down' });
      else people.closes();
    };
    await says(desk, 'help');
    const help = ['typing', 'not typing', 'Kirk: - **help**: I will repeat these instructions.', 'read'];
    await expect.poll(() => [...chat.lines].sort()).toEqual([...help].sort());
    chat.forget();
    await says(desk, 'someone else');
    await expect
      .poll(() => chat.lines)
      .toEqual(['transferring', 'joined McCoy', 'typing', 'not typing', 'McCoy: Hello, I am Dr. Leonard McCoy.']);
    chat.forget();
    await says(desk, 'disconnect and reconnect');
    clock.advance(3_000);
    await expect.poll(() => chat.lines).toEqual(['disconnected']);
    people.tells({ kind: 'connection', is: 'up' });
    await expect.poll(() => chat.lines).toEqual(['disconnected', 'connected again']);
    chat.forget();
    await says(desk, 'end chat');
    await expect.poll(() => chat.lines).toEqual(['ended']);
    await expect.poll(() => flexToken.isOpen).toBe(false);
  });

  test('nothing of a message is lost or changed, whatever is in it', async () => {
    const { desk, chat, people } = await answered(await open(shape));
    const long = `${'word '.repeat(700)}😀`;
    await says(desk, long);
    expect(people.sent.every((text) => text.length <= 1_600)).toBe(true);
    expect(people.sent.join(' ')).toBe(long);
    people.sent.splice(0);
    const smileys = `x${'😀'.repeat(1_000)}`;
    await says(desk, smileys);
    expect(people.sent.join('')).toBe(smileys);
    expect(people.sent.filter((text) => /[\uD800-\uDBFF]$|^[\uDC00-\uDFFF]/.test(text))).toEqual([]);
    await expect(says(desk, 'x'.repeat(32_001))).rejects.toThrow('too_large');
    expect(chat.lines).toEqual(shape === 'Carbon AI Chat' ? ['not sent m-1'] : []);
  });

  test.for(['fails', 'hangs'] as const)('a message whose sending %s is said not to be sent', async (how) => {
    const { desk, chat, people, clock } = await answered(await open(shape));
    people.trouble.send = how;
    const sending = expect(says(desk, 'Hello?', 'm-7')).rejects.toThrow('not_sent');
    await Promise.resolve();
    clock.advance(15_000);
    await sending;
    expect(chat.lines).toEqual(shape === 'Carbon AI Chat' ? ['not sent m-7'] : []);
    delete people.trouble.send;
    await says(desk, 'Hello again');
    expect(people.sent).toEqual(['Hello again']);
  });

  test('what is written when there is no chat is said not to be sent', async () => {
    const { desk, chat, people } = await open(shape);
    await expect(says(desk, 'Anybody?')).rejects.toThrow('chat_not_open');
    expect(people.sent).toEqual([]);
    expect(chat.lines).toEqual(shape === 'Carbon AI Chat' ? ['not sent m-1'] : []);
  });

  test('the chat tells its locale, and a name that is short enough', async () => {
    const { desk, flexToken } = await open(shape);
    desk.updateState({ locale: 'de-AT' });
    await desk.startChat(connectMessage());
    expect(flexToken.asked[0]?.body).toEqual({ action: 'start', language: 'de-AT' });
    expect(desk.getName().length).toBeLessThanOrEqual(40);
  });
});

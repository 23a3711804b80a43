import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { playedConversation } from '../../web/carbon-ai-chat/played-conversation.ts';
import { answered, builtDesks, connectMessage, inTime, settled, shapes } from './desk-scene.ts';

const open = builtDesks();
const message = connectMessage({ message_to_human_agent: 'Wants a refund' });

describe.for(shapes)('row 14: %s', (shape) => {
  test('a customer who ends while what was said is read has ended it at once', async () => {
    const { desk, people, flexToken } = await open(shape);
    people.trouble.since = 'hangs';
    const starting = desk.startChat(message);
    await expect.poll(() => people.tokens).toHaveLength(1);
    await setImmediate();
    await Promise.all([starting, desk.endChat({})]);
    expect(flexToken.isOpen).toBe(false);
    expect(people.sent).toEqual([]);
  });

  test('what was said before takes for ever: what comes after is shown', async () => {
    const scene = await open(shape);
    const { desk, chat, people } = scene;
    people.trouble.since = 'hangs';
    await inTime(scene, desk.startChat(message));
    expect(people.sent).toEqual([]);
    people.joins('Ada');
    people.says('Ada', 'Hello');
    await expect.poll(() => chat.lines).toEqual(['joined Ada', 'Ada: Hello']);
  });

  test('what happens while it is joined is not missed', async () => {
    const people = playedConversation();
    const { desk, chat } = await open(shape, {
      async join(pass, tell) {
        const conversation = await people.join(pass, tell);
        people.joins('Ada');
        await setImmediate();
        return conversation;
      },
    });
    await desk.startChat(connectMessage());
    await expect.poll(() => chat.lines).toEqual(['joined Ada']);
  });

  test('a conversation that is joined too late is left again', async () => {
    const people = playedConversation();
    let letIn = () => {};
    const isOpen = new Promise<void>((resolve) => {
      letIn = resolve;
    });
    const scene = await open(shape, {
      async join(pass, tell) {
        await isOpen;
        return people.join(pass, tell);
      },
    });
    expect((await inTime(scene, scene.desk.startChat(message))).status).toBe('rejected');
    letIn();
    await expect.poll(() => people.deeds).toEqual(['disconnect']);
  });

  test('what was about to be shown is not shown any more when the customer has ended the chat', async () => {
    const { desk, chat, people, clock } = await answered(await open(shape));
    people.says('Ada', '', [{ name: 'offer.pdf', isSilent: true }]);
    await setImmediate();
    await desk.endChat({});
    clock.advance(10_000);
    await setImmediate();
    expect(chat.lines).toEqual([]);
  });

  test('who has ended a chat asks for nothing any more', async () => {
    const scene = await answered(await open(shape));
    const { desk, flexToken, clock } = scene;
    await desk.endChat({});
    clock.advance(10_800_000);
    await settled(scene);
    expect(flexToken.actions.filter((action) => action !== 'availability')).toEqual(['start', 'end']);
  });

  test('a chat that was closed while nobody looked makes room for another', async () => {
    const scene = await answered(await open(shape));
    const { people } = scene;
    const { desk, chat, flexToken } = await scene.reload();
    people.closes();
    await inTime(scene, desk.startChat(message));
    expect(flexToken.actions.filter((action) => action !== 'availability')).toEqual(['start', 'start', 'end', 'start']);
    people.joins('Bo');
    await expect.poll(() => chat.lines).toContain('joined Bo');
  });
});

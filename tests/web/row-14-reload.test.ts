import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { ServiceDesk } from '../../web/service-desk/chat-contract.ts';
import { answered, builtDesks, connectMessage, says, settled, type shapes } from './desk-scene.ts';

const open = builtDesks();

/** A chat with Ada in which both have said something, and everything was shown. */
async function midway(shape: (typeof shapes)[number]) {
  const scene = await answered(await open(shape));
  await says(scene.desk, 'One');
  scene.people.says('Ada', 'Two');
  await expect.poll(() => scene.chat.lines).toEqual(['Ada: Two']);
  return scene;
}

describe('row 14: Carbon AI Chat, after a reload', () => {
  const shape = 'Carbon AI Chat';

  test('the customer is back in the same chat with the same agent, and what was missed is shown once', async () => {
    const scene = await midway(shape);
    const { people, flexToken } = scene;
    const { desk, chat } = await scene.reload();
    people.says('Ada', 'Three');
    people.says('Ada', 'Four');
    expect(await desk.reconnect()).toBe(true);
    people.says('Ada', 'Five');
    await expect.poll(() => chat.lines).toEqual(['Ada: Three', 'Ada: Four', 'Ada: Five']);
    await says(desk, 'Six');
    expect(people.sent).toEqual(['One', 'Six']);
    expect(flexToken.actions.at(-1)).toBe('refresh');
    people.leaves('Ada');
    people.closes();
    await expect.poll(() => chat.lines.at(-1)).toBe('ended');
  });

  test('what is kept in the browser holds no token', async () => {
    const { chat } = await midway(shape);
    expect(JSON.stringify(chat.kept)).not.toContain('token');
    expect(chat.kept).toMatchObject({ chat: { shownIndex: 1, agentId: 'Ada' } });
  });

  test.for([
    ['another has come instead', ['Bo'], ['transferring', 'joined Bo', 'Bo: Hello']],
    ['nobody is there', [], ['left', 'nobody: Hello']],
    ['another has come too', ['Ada', 'Bo'], ['joined Bo', 'Bo: Hello']],
  ] as const)('the agents are those who are there now: %s', async ([, agents, lines]) => {
    const scene = await midway(shape);
    const { people } = scene;
    const { desk, chat } = await scene.reload();
    if (!agents.some((id) => id === 'Ada')) people.leaves('Ada');
    for (const id of agents) if (id !== 'Ada') people.joins(id);
    people.says(agents.at(-1), 'Hello');
    expect(await desk.reconnect()).toBe(true);
    await expect.poll(() => chat.lines).toEqual(lines);
  });

  test('a chat that was closed meanwhile is over, for the function too', async () => {
    const scene = await midway(shape);
    const { desk, chat } = await scene.reload();
    scene.people.closes();
    expect(await desk.reconnect()).toBe(false);
    await expect.poll(() => scene.flexToken.isOpen).toBe(false);
    expect(chat.lines).toEqual([]);
  });

  test('a chat that was ended meanwhile is over', async () => {
    const scene = await midway(shape);
    const { desk, chat } = await scene.reload();
    scene.flexToken.isOpen = false;
    expect(await desk.reconnect()).toBe(false);
    expect(scene.people.tokens).toHaveLength(1);
    expect(chat.lines).toEqual([]);
    await settled({ desk });
    expect(scene.flexToken.actions).not.toContain('end');
  });

  test('a chat that cannot be joined again leaves no orphan', async () => {
    const scene = await midway(shape);
    const { desk } = await scene.reload();
    scene.people.trouble.join = 'fails';
    expect(await desk.reconnect()).toBe(false);
    await expect.poll(() => scene.flexToken.isOpen).toBe(false);
  });

  test('a customer who ends while it comes back has ended it', async () => {
    const scene = await midway(shape);
    const { desk, chat, people } = await scene.reload();
    const back = desk.reconnect();
    await desk.endChat({});
    expect(await back).toBe(false);
    await expect.poll(() => scene.flexToken.isOpen).toBe(false);
    people.says('Ada', 'Hello?');
    await setImmediate();
    expect(chat.lines).toEqual([]);
  });

  test.for([
    ['asks for it twice', (desk: ServiceDesk) => desk.reconnect?.()],
    ['asks for a person meanwhile', (desk: ServiceDesk) => desk.startChat(connectMessage(), {})],
  ] as const)('a page that %s has one chat, which shows everything once', async ([, again]) => {
    const scene = await midway(shape);
    const { desk, chat, people } = await scene.reload();
    await Promise.all([desk.reconnect?.(), again(desk)]);
    people.says('Ada', 'Three');
    await expect.poll(() => chat.lines).toContain('Ada: Three');
    await setImmediate();
    expect(chat.lines.filter((line) => line === 'Ada: Three')).toHaveLength(1);
    await desk.endChat({});
    people.says('Ada', 'Still there?');
    await setImmediate();
    expect(chat.lines).not.toContain('Ada: Still there?');
  });

  test.for([undefined, null, 'x', 7, { chat: 7 }, { chat: { conversationSid: 1 } }, []])(
    'what is kept may be anything: %j',
    async (kept) => {
      const scene = await midway(shape);
      scene.chat.callback.updatePersistedState(kept ?? null, false);
      const { desk, chat } = await scene.reload();
      expect(await desk.reconnect()).toBe(true);
      await expect.poll(() => chat.lines).toEqual(['joined Ada', 'Ada: Two']);
    },
  );
});

describe('row 14: watsonx web chat, after a reload', () => {
  test('a start lands in the same chat: the agent is there, nothing is shown or sent twice', async () => {
    const scene = await open('watsonx web chat');
    const { people } = scene;
    await scene.desk.startChat(connectMessage({ message_to_human_agent: 'Wants a refund' }));
    people.joins('Ada');
    people.says('Ada', 'Two');
    await expect.poll(() => scene.chat.lines).toEqual(['joined Ada', 'Ada: Two']);
    const { desk, chat } = await scene.reload();
    people.says('Ada', 'Three');
    await desk.startChat(connectMessage({ message_to_human_agent: 'Wants a refund' }));
    await expect.poll(() => chat.lines).toEqual(['joined Ada', 'Ada: Three']);
    expect(people.sent).toEqual(['Wants a refund']);
  });
});

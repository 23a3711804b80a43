import { expect, test } from 'vitest';
import { answered, builtDesks, shapes } from './desk-scene.ts';

const open = builtDesks(true);

test.for(shapes)('row 14: %s: a chat that throws misses nothing that comes after it', async (shape) => {
  const { chat, people } = await answered(await open(shape));
  Object.assign(chat.callback, {
    agentTyping() {
      throw new Error('the chat is broken');
    },
  });
  people.types('Ada', true);
  people.types('Ada', false);
  people.says('Ada', 'Hello');
  people.leaves('Ada');
  people.closes();
  await expect.poll(() => chat.lines).toEqual(['Ada: Hello', 'ended']);
});

import { describe, expect, test } from 'vitest';
import { readProjectFile } from '../repo/tree.ts';
import { stageOfFile } from './stage-of-file.ts';

const stage = stageOfFile();

/** The response that is shipped, as the assistant would send it: escapes gone, the variable as the builder left it. */
function shipped(name: string, variable: string): string {
  const [generic] = JSON.parse(readProjectFile(`watson/connect-to-agent/${name}.dialog.json`)).output.generic;
  const { uri } = generic.transfer_info.target.service_desk.sip;
  return `<${uri.replace(/\\@/g, '@').replace('$handover_id', variable)}>`;
}

interface AssistantCall {
  readonly headers: Readonly<Record<string, string>>;
}

/** Somebody calls and wants a person. Resolves to the task in Flex and the call as the assistant saw it. */
async function handedOver(script: object) {
  await stage.ask('POST', '/_stage/watson/script', script);
  await stage.ask('POST', '/_stage/call-in', { says: ['I want to talk to a person'] });
  const tasks = async () => (await stage.ask<{ tasks: object[] }>('GET', '/_stage/flex')).tasks;
  await expect.poll(tasks, { timeout: 10_000 }).toHaveLength(1);
  const [task] = (await tasks()) as { attributes: Record<string, string> }[];
  const [call] = await stage.ask<AssistantCall[]>('GET', '/_stage/watson');
  return { attributes: task?.attributes ?? {}, invited: call?.headers['x-handover-id'] };
}

describe('the responses that are shipped lead to a person, with the handover that the INVITE named', () => {
  test('by REFER with the id', async () => {
    const { attributes, invited } = await handedOver({ header: 'X-Handover-Id' });
    expect(invited).toMatch(/^h[a-z2-7]{16}$/);
    expect(attributes.handoverId).toBe(invited);
    expect(shipped('refer', invited ?? '')).toMatch(new RegExp(`\\?X-Handover-Id=${invited}>$`));
  });

  test.for(['', '$handover_id', 'null'])('by REFER in which the variable is %j', async (variable) => {
    const { attributes, invited } = await handedOver({ referTo: shipped('refer', variable) });
    expect(attributes.handoverId).toBe(invited);
  });

  test('by hanging up, when the webhook tells that a person was asked for', async () => {
    const { attributes, invited } = await handedOver({ ends: 'bye' });
    expect(attributes).toMatchObject({ handoverId: invited, handoverReason: 'assistant_transfer' });
  });
});

import type { Task } from '../twins/twilio/flex/task-life.ts';
import type { TwilioTwin } from '../twins/twilio/twin.ts';
import type { Leg } from '../twins/twilio/voice/leg.ts';
import type { AssistantScript } from '../twins/watson/script.ts';
import type { WatsonTwin } from '../twins/watson/twin.ts';
import { newNumber } from './people.ts';
import { phonesOf } from './phones.ts';
import { type Scene, type SceneStep, type Shown, seen, soon } from './scene.ts';

interface Cast {
  readonly twilio: TwilioTwin;
  readonly watson: WatsonTwin;
  /** The number that customers call. */
  readonly number: string;
}

/** Callers reach a person although the assistant is busy, does not answer, fails, or hangs up when it should hand over. */
export function assistantDownScene({ twilio, watson, number }: Cast): Scene {
  const phones = phonesOf(twilio);

  /** A caller whose assistant behaves so; resolves to their leg and the task that waits for an agent. */
  async function callWith(script: AssistantScript, says: readonly string[]): Promise<{ leg: Leg; task: Task }> {
    watson.script(script);
    const { leg } = twilio.callIn({ from: newNumber(), to: number, script: { says } });
    const task = await soon(
      () => twilio.tasks.all().find(({ attributes }) => attributes.call_sid === leg.sid),
      'a task for a person',
    );
    return { leg, task };
  }

  const step = (title: string, script: AssistantScript, wanted: RegExp, says: readonly string[] = []): SceneStep => ({
    title,
    async see() {
      const { leg, task } = await callWith(script, says);
      const reason = String(task.attributes.handoverReason);
      seen(wanted.test(reason), `the reason ${wanted.source} for the agent, not ${reason}`);
      await soon(() => leg.heard.some(({ text }) => /plays/.test(text)), 'music for the caller');
      const { agent } = seen(twilio.accept({ ends: 'hang-up' }, task.sid), 'a task that waits');
      await soon(() => leg.heard.some(({ by }) => by === agent.name), 'the agent');
      await soon(() => leg.status === 'completed', 'the end of the call');
      return [{ by: 'flex', text: `handoverReason in the agent’s task: ${reason}` }, ...phones.story(leg)];
    },
  });

  return {
    name: 'assistant-down',
    title: 'The assistant is not there, and every caller gets to a person who knows why',
    steps: [
      step('The assistant is busy', { answers: 'busy' }, /^assistant_busy$/),
      step('The assistant does not answer', { answers: 'no-answer' }, /^assistant_no_answer$/),
      step('The assistant fails', { answers: 'failed', sipResponseCode: 503 }, /^assistant_failed$/),
      step('The assistant transfers by hanging up', { ends: 'bye' }, /^assistant_transfer$/, [
        'I want to talk to a person.',
      ]),
      {
        title: 'Nobody was left in silence, and Twilio had nothing to complain of',
        async see(): Promise<readonly Shown[]> {
          watson.script({});
          return phones.nobodyWasLeftAlone();
        },
      },
    ],
  };
}

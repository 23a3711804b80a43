import type { VoiceKnown } from '../../core/voice-bot/voice-bot.ts';
import { importance } from '../../servicenow/incidents.ts';
import { incidentOf } from './forms/incident.ts';
import type { Visit } from './parts.ts';

const topics = { open: 'incident', status: 'incident status', transfer: undefined } as const;

/** What a person is told who takes over the call: what was said so far, and the incident as it would be opened. */
export function knownOf({ state, turn }: Visit, reason: string | undefined): VoiceKnown {
  const form = state.form ?? state.kept.find(({ is }) => is === 'open');
  const { email } = form?.values ?? {};
  // Next to another address it would vouch for that one.
  const verified = email && email !== state.verified?.email ? undefined : state.verified;
  const { confirm: _, bot: __, ...values } = form?.values ?? {};
  const said = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''));
  const fields = { ...said, verified: verified ? `by ${verified.by}` : 'no' };
  const known = { topic: form && topics[form.is], reason, name: verified?.name, fields };
  if (form?.is !== 'open') return known;
  const { title, description, priority } = incidentOf(form, turn.conversationId);
  const level = importance[priority];
  const draft = { short_description: title, description, urgency: level, impact: level, caller: values.email ?? '' };
  return { ...known, draft: Object.fromEntries(Object.entries(draft).filter(([, value]) => value !== '')) };
}

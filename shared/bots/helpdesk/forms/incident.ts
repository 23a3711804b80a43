import { shortHash } from '../../../core/hash.ts';
import type { NewIncident } from '../../../servicenow/incidents.ts';
import type { Form } from '../state.ts';

export const priorities = ['low', 'medium', 'high'] as const;

/** Where nobody says. It is read back before anything is opened. */
export const defaultPriority: NewIncident['priority'] = 'medium';

const isPriority = (value: string | undefined): value is NewIncident['priority'] =>
  priorities.some((one) => one === value);

/** What was said, and of whom it is known only by their own word. */
function descriptionOf({ values, email }: Form): string {
  const { description = '', email: address } = values;
  const heard = email.heard.map((said) => `"${said}"`).join(', ');
  const who = address
    ? `E-mail address given by the caller: ${address}`
    : heard && `E-mail address, as it was heard: ${heard}`;
  return [description, who].filter((part) => part !== undefined && part !== '').join('\n\n');
}

/** The incident of a form as it is opened, as far as it is known. The same form is the same wish. */
export function incidentOf(form: Form, conversationId: string): NewIncident {
  const { title = '', priority } = form.values;
  return {
    correlationId: `helpdesk-${shortHash(`${conversationId} ${form.id}`)}`,
    callerId: form.found?.sysId,
    title,
    description: descriptionOf(form),
    priority: isPriority(priority) ? priority : defaultPriority,
  };
}

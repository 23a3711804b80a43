import type { Widget } from './flow.ts';

/** What a widget does with a call. */
export interface CallStep {
  /** TwiML that the call plays. */
  readonly verbs: string;
  /** The call goes away and comes back to the flow by its URL. */
  readonly waits: boolean;
  /** The transition that is taken at once, where it does not wait. */
  readonly event: string;
}

const escaped = (text: string) => text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);

/** An element; attributes without a value are left out. `inside` is TwiML already. */
function element(name: string, attributes: Readonly<Record<string, string>>, inside: string): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== '')
    .map(([key, value]) => ` ${key}="${escaped(value)}"`);
  return `<${name}${written.join('')}>${inside}</${name}>`;
}

type Fill = (template: string) => string;
type Play = (property: (name: string) => string, returnTo: (event: string) => string) => CallStep;

const goesOn = (event: string, verbs = ''): CallStep => ({ verbs, waits: false, event });
const givesAway = (verbs: string): CallStep => ({ verbs, waits: true, event: '' });

const widgets: Readonly<Record<string, Play>> = {
  trigger: () => goesOn('incomingCall'),

  'add-twiml-redirect'(property) {
    const url = property('url');
    if (!URL.canParse(url)) return goesOn('fail');
    return givesAway(element('Redirect', { method: property('method') || 'POST' }, escaped(url)));
  },

  'say-play'(property) {
    const { voice, language, loop } = {
      voice: property('voice'),
      language: property('language'),
      loop: property('loop'),
    };
    const say = property('say');
    const play = property('play');
    const verbs = say
      ? element('Say', { voice, language, loop: loop === '1' ? '' : loop }, escaped(say))
      : element('Play', { digits: property('digits') }, escaped(play));
    return goesOn('audioComplete', verbs);
  },

  'connect-call-to'(property, returnTo) {
    const noun = property('noun') === 'sip' ? 'Sip' : property('noun') === 'client' ? 'Client' : 'Number';
    const to = property(noun === 'Sip' ? 'sip_endpoint' : 'to');
    const attributes = {
      action: returnTo('callCompleted'),
      callerId: property('caller_id'),
      timeout: property('timeout'),
      timeLimit: property('time_limit'),
    };
    return givesAway(element('Dial', attributes, element(noun, {}, escaped(to))));
  },

  'send-to-flex'(property, returnTo) {
    const task = element(
      'Task',
      { priority: property('priority'), timeout: property('timeout') },
      escaped(property('attributes')),
    );
    const attributes = {
      workflowSid: property('workflow'),
      waitUrl: property('waitUrl'),
      waitUrlMethod: property('waitUrlMethod'),
      action: returnTo('callComplete'),
    };
    return givesAway(element('Enqueue', attributes, task));
  },

  'enqueue-call'(property, returnTo) {
    const task = element(
      'Task',
      { priority: property('priority'), timeout: property('timeout') },
      escaped(property('task_attributes')),
    );
    const attributes = {
      workflowSid: property('workflow_sid'),
      waitUrl: property('wait_url'),
      waitUrlMethod: property('wait_url_method'),
      action: returnTo('callComplete'),
    };
    return givesAway(element('Enqueue', attributes, task));
  },

  'split-based-on': () => goesOn('match'),
};

/** Plays one widget. `flowUrl` is where the call comes back to. Throws for a type that the twin does not know. */
export function playWidget({ name, type, properties }: Widget, fill: Fill, flowUrl: string): CallStep {
  const play = widgets[type];
  if (!play) throw new Error(`widget ${name}: the type ${type} is not known here`);
  const property = (key: string) => {
    const value = properties[key];
    return value === undefined || value === null ? '' : fill(typeof value === 'string' ? value : String(value));
  };
  return play(property, (event) => `${flowUrl}?FlowEvent=${event}`);
}

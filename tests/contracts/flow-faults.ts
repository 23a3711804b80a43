/** A Studio flow as it is exported, as far as somebody reads it who looks for faults. */
export interface Flow {
  readonly states: readonly Widget[];
  readonly initial_state: string;
}

interface Widget {
  readonly name: string;
  readonly type: string;
  readonly transitions: readonly Way[];
  readonly properties: Readonly<Record<string, unknown>>;
}

interface Way {
  readonly event: string;
  readonly next?: string;
  readonly conditions?: readonly { readonly arguments: readonly string[]; readonly value: string }[];
}

/** The ways out that each type of widget has. Those that end well may lead nowhere. */
const waysOut: Readonly<Record<string, { readonly must: readonly string[]; readonly may: readonly string[] }>> = {
  trigger: {
    must: ['incomingCall'],
    may: ['incomingMessage', 'incomingConversationMessage', 'incomingRequest', 'incomingParent'],
  },
  'add-twiml-redirect': { must: ['return', 'timeout', 'fail'], may: [] },
  'split-based-on': { must: [], may: ['noMatch', 'match'] },
  'send-to-flex': { must: ['callComplete', 'failedToEnqueue', 'callFailure'], may: [] },
  'connect-call-to': { must: ['callCompleted'], may: ['hangup'] },
  'say-play': { must: [], may: ['audioComplete'] },
};

/** What Studio itself tells of a widget that gave a call away. */
const toldByStudio: Readonly<Record<string, readonly string[]>> = {
  'connect-call-to': ['DialCallStatus'],
  'send-to-flex': ['QueueResult'],
};

const variablesIn = (text: string) =>
  [...text.matchAll(/\{\{\s*([^}|]*?)\s*(\|[^}]*)?\}\}/g)].map(([, name = '', filters = '']) => ({ name, filters }));

function wayFaults({ name, type, transitions }: Widget, names: readonly string[]): readonly string[] {
  const ways = waysOut[type];
  if (!ways) return [`${name} is of a type that nothing here knows: ${type}`];
  const missing = ways.must.filter((event) => !transitions.some((way) => way.event === event && way.next));
  const strange = transitions.filter(({ event }) => ![...ways.must, ...ways.may].includes(event));
  const nowhere = transitions.filter(({ next }) => next !== undefined && !names.includes(next));
  return [
    ...missing.map((event) => `${name} does not say what follows ${event}`),
    ...strange.map(({ event }) => `${name} has no event ${event}`),
    ...nowhere.map(({ event, next }) => `${name} leads by ${event} to ${next}, which is not there`),
  ];
}

/** Widgets that cannot be reached, and ways that lead in a circle. */
function pathFaults({ states, initial_state }: Flow): readonly string[] {
  const reached = new Set<string>();
  const circles = new Set<string>();
  const follow = (name: string, on: readonly string[]) => {
    if (on.includes(name)) return void circles.add(name);
    reached.add(name);
    for (const { next } of states.find((state) => state.name === name)?.transitions ?? [])
      if (next !== undefined) follow(next, [...on, name]);
  };
  follow(initial_state, []);
  return [
    ...states.filter(({ name }) => !reached.has(name)).map(({ name }) => `${name} is never reached`),
    ...[...circles].map((name) => `${name} is in a circle`),
  ];
}

/** Variables that nothing gives, and those in a URL that are not made safe for one: Studio does not do it. */
function variableFaults(flow: Flow, emitted: Readonly<Record<string, readonly string[]>>): readonly string[] {
  const given = (name: string): boolean => {
    if (name === 'contact.channel.address') return true;
    const [, widget = '', value = ''] = /^widgets\.(\w+)\.(\w+)$/.exec(name) ?? [];
    const type = flow.states.find((state) => state.name === widget)?.type ?? '';
    return [...(emitted[widget] ?? []), ...(toldByStudio[type] ?? [])].includes(value);
  };
  return flow.states.flatMap(({ name, transitions, properties }) => {
    const texts = Object.values(properties).map((value) => (typeof value === 'string' ? value : ''));
    const asked = transitions.flatMap((way) => way.conditions ?? []).flatMap((one) => [...one.arguments, one.value]);
    const unknown = [...texts, ...asked].flatMap(variablesIn).filter((variable) => !given(variable.name));
    const bare = variablesIn(String(properties.url ?? '')).filter(({ filters }) => !/\|\s*url_encode/.test(filters));
    return [
      ...unknown.map((variable) => `${name} reads ${variable.name}, which nothing gives`),
      ...bare.map((variable) => `${name} puts ${variable.name} into a URL as it is`),
    ];
  });
}

/** What is wrong with a flow, if calls come back to its widgets with what `emitted` says: nothing, for one that works. */
export function flowFaults(flow: Flow, emitted: Readonly<Record<string, readonly string[]>>): readonly string[] {
  const names = flow.states.map(({ name }) => name);
  const twice = names.filter((name, at) => names.indexOf(name) !== at);
  if (!names.includes(flow.initial_state)) return [`${flow.initial_state} is not there`];
  return [
    ...twice.map((name) => `${name} is there twice`),
    ...flow.states.flatMap((widget) => wayFaults(widget, names)),
    ...pathFaults(flow),
    ...variableFaults(flow, emitted),
  ];
}

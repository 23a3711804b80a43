import type { Env } from '../../../../shared/core/settings.ts';
import type { FlowDefinition, Widget } from './flow.ts';
import { comparisons } from './flow.ts';
import { type FlowValues, fill } from './liquid.ts';
import { type CallStep, playWidget } from './widgets.ts';

type Fields = Readonly<Record<string, string>>;

/** What a flow's URL answers. */
export interface FlowAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Runs Studio flows for calls. */
export interface FlowRunner {
  /** TwiML for the next stretch of a call; undefined for a URL that is no flow's. */
  answer(url: string, fields: Fields): FlowAnswer | undefined;
  /** The widgets that a call has been through. */
  path(callSid: string): readonly string[];
  reset(): void;
}

/** Where one call is in the flow. */
interface Execution {
  readonly trigger: Fields;
  readonly widgets: Record<string, Record<string, string>>;
  readonly path: string[];
  /** The widget that gave the call away and waits for it to come back. */
  parked: Widget | undefined;
}

const MOST_WIDGETS = 50;

const twiml = (verbs: string): FlowAnswer => ({
  status: 200,
  headers: { 'content-type': 'text/xml' },
  body: `<?xml version="1.0" encoding="UTF-8"?><Response>${verbs}</Response>`,
});

/** The host and path of a URL, which is all that says whose it is. */
function placeOf(url: string): string {
  if (!URL.canParse(url)) return '';
  const { host, pathname } = new URL(url);
  return `${host}${pathname}`;
}

/** `flow` is read at every new execution, so an edited flow counts from the next call on. */
export function flowRunner(env: () => Env, flow: () => FlowDefinition): FlowRunner {
  const executions = new Map<string, Execution>();

  function valuesOf({ trigger, widgets }: Execution): FlowValues {
    return {
      trigger: { call: trigger },
      widgets,
      flow: { data: {}, variables: {} },
      contact: { channel: { address: trigger.From ?? '' } },
    };
  }

  function nextOf({ transitions, properties, type }: Widget, event: string, values: FlowValues): string | undefined {
    const fits = transitions.find((transition) => {
      if (transition.event !== event) return false;
      return transition.conditions.every((condition) => {
        const compare = comparisons[condition.type];
        if (!compare) throw new Error(`the condition ${condition.type} is not known here`);
        const input = condition.arguments[0] ?? String(properties.input ?? '');
        return compare(fill(input, values), fill(condition.value, values));
      });
    });
    if (fits || type !== 'split-based-on' || event !== 'match') return fits?.next;
    return nextOf({ transitions, properties, type, name: '' }, 'noMatch', values);
  }

  /** Goes from widget to widget until one gives the call away, or there is none any more. */
  function goOn(execution: Execution, from: string | undefined, url: string): FlowAnswer {
    const { states } = flow();
    let verbs = '';
    let name = from;
    for (let count = 0; count < MOST_WIDGETS && name; count++) {
      const widget = states.find((state) => state.name === name);
      if (!widget) throw new Error(`the flow has no widget ${name}`);
      execution.path.push(widget.name);
      const values = valuesOf(execution);
      const step: CallStep = playWidget(widget, (text) => fill(text, values), url);
      verbs += step.verbs;
      if (step.waits) {
        execution.parked = widget;
        return twiml(verbs);
      }
      name = nextOf(widget, step.event, values);
    }
    return twiml(`${verbs}<Hangup/>`);
  }

  function come(url: string, fields: Fields): FlowAnswer {
    const callSid = fields.CallSid ?? '';
    const query = new URL(url).searchParams;
    const event = query.get('FlowEvent');
    const known = executions.get(callSid);
    const parked = known?.parked;
    const flowUrl = env().STUDIO_WEBHOOK_URL ?? '';
    if (!known || !parked || event === null) {
      const { initial_state } = flow();
      const execution: Execution = { trigger: fields, widgets: {}, path: [], parked: undefined };
      executions.set(callSid, execution);
      return goOn(execution, initial_state, flowUrl);
    }
    known.parked = undefined;
    const given = Object.fromEntries([...query].filter(([name]) => name !== 'FlowEvent'));
    known.widgets[parked.name] = { ...(event === 'return' ? {} : fields), ...given };
    return goOn(known, nextOf(parked, event, valuesOf(known)), flowUrl);
  }

  return {
    answer(url, fields) {
      if (placeOf(url) === '' || placeOf(url) !== placeOf(env().STUDIO_WEBHOOK_URL ?? '')) return undefined;
      return come(url, fields);
    },
    path: (callSid) => executions.get(callSid)?.path ?? [],
    reset: () => executions.clear(),
  };
}

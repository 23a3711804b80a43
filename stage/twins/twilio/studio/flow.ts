import * as v from 'valibot';

const condition = v.object({
  type: v.string(),
  value: v.optional(v.string(), ''),
  arguments: v.array(v.string()),
});

const transition = v.object({
  event: v.string(),
  next: v.optional(v.string()),
  conditions: v.optional(v.array(condition), []),
});

const widget = v.object({
  name: v.string(),
  type: v.string(),
  transitions: v.array(transition),
  properties: v.record(v.string(), v.unknown()),
});

/** A Studio flow as Studio exports and imports it, as far as the runner reads it. */
export const flowDefinition = v.object({ states: v.array(widget), initial_state: v.string() });

export type FlowDefinition = v.InferOutput<typeof flowDefinition>;
export type Widget = v.InferOutput<typeof widget>;

const list = (text: string) => text.split(',').map((entry) => entry.trim());

/** How "Split Based On" compares. Source: Twilio's page on the widget, read 2026-11-21. */
export const comparisons: Readonly<Record<string, (value: string, wanted: string) => boolean>> = {
  equal_to: (value, wanted) => value.toLowerCase() === wanted.toLowerCase(),
  not_equal_to: (value, wanted) => value.toLowerCase() !== wanted.toLowerCase(),
  matches_any_of: (value, wanted) => list(wanted.toLowerCase()).includes(value.toLowerCase()),
  does_not_match_any_of: (value, wanted) => !list(wanted.toLowerCase()).includes(value.toLowerCase()),
  is_blank: (value) => value === '',
  is_not_blank: (value) => value !== '',
  regex: (value, wanted) => new RegExp(wanted).test(value),
  contains: (value, wanted) => value.toLowerCase().includes(wanted.toLowerCase()),
  does_not_contain: (value, wanted) => !value.toLowerCase().includes(wanted.toLowerCase()),
  starts_with: (value, wanted) => value.toLowerCase().startsWith(wanted.toLowerCase()),
  less_than: (value, wanted) => Number(value) < Number(wanted),
  greater_than: (value, wanted) => Number(value) > Number(wanted),
};

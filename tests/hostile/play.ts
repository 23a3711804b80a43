import { setTimeout as sleep } from 'node:timers/promises';
import { builtFunctions } from './built-functions.ts';
import { callOf } from './call.ts';
import { type CallSpec, corpusClockMs, type Expectation, type Input } from './corpus.ts';
import { effectsOf } from './effects.ts';
import { type Answer, faultsOf } from './expectations.ts';
import { heardInCalls } from './heard.ts';
import { privateTexts } from './privacy.ts';
import { eventsOf, type Way } from './way.ts';

/** The service that the stage's settings name. */
const SERVICE = 'IS00000000000000000000000000000001';

export interface Played {
  /** Every way in which an input did not get what it must: one sentence each. */
  readonly faults: readonly string[];
  /** Of the call itself, in the order of the deliveries. */
  readonly answers: readonly Answer[];
}

async function prepare({ given }: Input, way: Way): Promise<void> {
  const { state, before = [], faults = {} } = given;
  const wanted = JSON.stringify({ state, before, faults });
  if (way.stage.holds !== wanted) {
    await way.ask('POST', '/_stage/reset');
    await way.ask('POST', '/_stage/clock', { nowMs: corpusClockMs });
    if (state) await way.ask('POST', '/_stage/state', state);
    for (const earlier of before) await way.send(callOf(earlier), functionOf(earlier));
    if (before.length > 0) await quiet(way);
    for (const [vendor, mode] of Object.entries(faults)) await way.ask('POST', '/_stage/faults', { vendor, mode });
    await way.ask('DELETE', '/_stage/events');
    way.stage.holds = wanted;
  }
  await way.ask('POST', '/_stage/clock', { nowMs: corpusClockMs });
  await way.takeLogLines('', 0);
}

/** How long nothing must happen until a partner has nothing more to say. */
const QUIET_MS = 150;

/** Resolves when a partner has said all that it says by itself after a call, like the statuses of a phone call. */
async function quiet(way: Way): Promise<void> {
  let seen = -1;
  for (let now = (await eventsOf(way)).length; now !== seen; now = (await eventsOf(way)).length) {
    seen = now;
    await sleep(QUIET_MS);
  }
}

const functionOf = ({ url }: CallSpec) => /^\/([a-z-]+)(?:\?|$)/.exec(url)?.[1] ?? '';

/** How a call is delivered. */
interface Delivery {
  readonly spec: CallSpec;
  readonly name: string;
  readonly repeat: number;
  /** All at once, not one after the other. */
  readonly concurrent: boolean;
}

async function answersTo({ spec, name, repeat, concurrent }: Delivery, way: Way) {
  const calls = Array.from({ length: repeat }, (_, index) => callOf(spec, index + 1));
  const answers: Answer[] = [];
  let firstEffects = effectsOf(name, []);
  if (concurrent) answers.push(...(await Promise.all(calls.map((call) => way.send(call, name)))));
  else {
    for (const call of calls) {
      answers.push(await way.send(call, name));
      if (answers.length === 1 && repeat > 1) firstEffects = effectsOf(name, await eventsOf(way));
    }
  }
  return { answers, firstEffects, privates: calls.flatMap(privateTexts) };
}

async function deliver(delivery: Delivery, expected: Expectation, way: Way): Promise<Played> {
  const { name, repeat } = delivery;
  const { answers, firstEffects, privates } = await answersTo(delivery, way);
  const lines = builtFunctions.includes(name) ? repeat : 0;
  const logLines = await way.takeLogLines(name, lines);
  const events = await eventsOf(way);
  if (events.length > 0) way.stage.holds = undefined;
  const heard = expected.twimlExcludes ? await heardInCalls(events, way) : [];
  const observed = { function: name, answers, events, firstEffects, logLines, heard };
  const log = logLines.join('\n');
  const leaked = privates.filter((text) => log.includes(text) || log.includes(JSON.stringify(text).slice(1, -1)));
  return {
    answers,
    faults: [
      ...faultsOf(expected, observed, SERVICE),
      ...(logLines.length === lines ? [] : [`${lines} calls wrote ${logLines.length} log lines`]),
      ...new Set(leaked.map((text) => `the log holds ${JSON.stringify(text)}`)),
    ],
  };
}

/** A bound this tight is on our own work; a machine that is busy with something else may need another try. */
const TIGHT_MS = 1_000;
const MOST_TRIES = 3;

/** Plays one input from a fresh start: what is given, the call as often as it comes, and what follows. */
export async function play(input: Input, way: Way): Promise<Played> {
  const isTight = (input.expect.maxMs ?? Number.POSITIVE_INFINITY) <= TIGHT_MS;
  let played = await playOnce(input, way);
  for (let tries = 1; isTight && tries < MOST_TRIES && played.faults.length > 0; tries++) {
    if (!played.faults.every((fault) => fault.startsWith('the answer took'))) break;
    played = await playOnce(input, way);
  }
  return played;
}

async function playOnce(input: Input, way: Way): Promise<Played> {
  const { call, event, repeat, concurrent, function: name, expect, afterwards } = input;
  // An event is no HTTP call; the way has it from `begin` and sends it whatever the call is.
  const spec = call ?? (event === undefined ? undefined : { method: 'POST', url: `/${name}`, headers: {} });
  if (!spec) throw new Error('there is neither a call nor an event');
  way.begin(input);
  await prepare(input, way);
  const played = await deliver({ spec, name, repeat, concurrent }, expect, way);
  const faults = [...played.faults];
  for (const step of afterwards) {
    const alone = { spec: step.call, name: functionOf(step.call), repeat: 1, concurrent: false };
    const next = await deliver(alone, step.expect, way);
    faults.push(...next.faults.map((fault) => `afterwards: ${fault}`));
  }
  return { ...played, faults };
}

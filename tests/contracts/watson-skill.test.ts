import { describe, expect, test } from 'vitest';
import { projectFiles, readProjectFile } from '../repo/tree.ts';
import type { DialogSkill } from '../support/watson-dialog.ts';
import { watsonTypeFaults } from '../support/watson-types.ts';

const skills = projectFiles.filter((file) => /^watson\/skill-.*\.json$/.test(file));
const transfers = projectFiles.filter((file) => file.startsWith('watson/connect-to-agent/'));
const read = (file: string) => JSON.parse(readProjectFile(file));

/** What a channel or the operator may set, and nobody must: see watson/README.md. */
const GIVEN = ['session_id', 'timezone'];

const namesIn = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, name = '']) => name);
const nameOfVariable = /\$(\w+)/g;

describe.for(skills)('%s', (file) => {
  const skill: DialogSkill = read(file);
  const { dialog_nodes: nodes, intents, entities } = skill;
  const ids = nodes.map(({ dialog_node }) => dialog_node);
  const conditions = nodes.map((node) => node.conditions).join('\n');

  test('every node is there once, and whatever it names is there', () => {
    expect(new Set(ids).size).toBe(ids.length);
    const named = nodes.flatMap(({ parent, previous_sibling, next_step }) =>
      [parent, previous_sibling, next_step?.dialog_node].filter((id) => id !== undefined),
    );
    expect(named.filter((id) => !ids.includes(id))).toEqual([]);
  });

  test('children follow each other in one line, and the last of them takes whatever else is said', () => {
    for (const parent of [undefined, ...ids]) {
      const children = nodes.filter((node) => node.parent === parent);
      if (children.length === 0) continue;
      const line = [children.find(({ previous_sibling }) => previous_sibling === undefined)];
      for (let at = line[0]; at; at = line.at(-1)) {
        const next = children.find(({ previous_sibling }) => previous_sibling === at?.dialog_node);
        if (!next) break;
        line.push(next);
      }
      expect([parent, line.length]).toEqual([parent, children.length]);
      expect([parent, line.at(-1)?.conditions]).toEqual([parent, expect.stringMatching(/^(true|anything_else)$/)]);
    }
  });

  test('every node is reached: from above, or by a jump', () => {
    const jumpedTo = nodes.map(({ next_step }) => next_step?.dialog_node);
    const unreachable = nodes.filter(
      ({ dialog_node, conditions: own }) => own === 'false' && !jumpedTo.includes(dialog_node),
    );
    expect(unreachable).toEqual([]);
  });

  test('uses every intent and entity that is trained, and no other', () => {
    expect(new Set(namesIn(conditions, /#(\w+)/g))).toEqual(new Set(intents.map(({ intent }) => intent)));
    expect(new Set(namesIn(conditions, /@(\w+)/g))).toEqual(new Set(entities.map(({ entity }) => entity)));
    const values = new Set(entities.flatMap(({ entity, values: own }) => own.map(({ value }) => `${entity}:${value}`)));
    expect(namesIn(conditions, /@(\w+:\w+)/g).filter((name) => !values.has(name))).toEqual([]);
  });

  test('no two intents share an example', () => {
    const examples = intents.flatMap((intent) => intent.examples.map(({ text }) => text.toLowerCase()));
    expect(new Set(examples).size).toBe(examples.length);
  });

  test('every variable that is read is set somewhere', () => {
    const set = new Set([
      ...nodes.flatMap(({ context = {}, actions = [] }) => [
        ...Object.keys(context),
        ...actions.map(({ result_variable }) => result_variable),
      ]),
      ...GIVEN,
    ]);
    expect(namesIn(readProjectFile(file), nameOfVariable).filter((name) => !set.has(name))).toEqual([]);
  });

  test('asks our webhook only, keeps each answer apart, and names neither a secret nor whom to call at our end', () => {
    const actions = nodes.flatMap(({ actions: own = [] }) => own);
    expect(actions.map(({ name, type }) => [name, type])).toEqual(actions.map(() => ['main_webhook', 'webhook']));
    const results = actions.map(({ result_variable }) => result_variable);
    expect(new Set(results).size).toBe(results.length);
    expect(results).toContain('webhook_result_1');
    expect(readProjectFile(file)).not.toMatch(/salesNumber|credentials|authorization|api_key|query_params/i);
  });
});

test('the languages differ in words only', () => {
  const bones = ({ dialog_nodes }: DialogSkill) =>
    dialog_nodes.map(({ output: _, context: __, actions, ...node }) => ({
      ...node,
      asks: actions?.map(({ parameters }) => Object.keys(parameters)),
    }));
  const [first, ...others] = skills.map((file) => bones(read(file)));
  expect(others.length).toBeGreaterThan(0);
  for (const other of others) expect(other).toEqual(first);
});

interface Generic {
  readonly response_type: string;
}

const genericsIn = (value: unknown): readonly Generic[] => {
  if (typeof value !== 'object' || value === null) return [];
  const own = 'response_type' in value ? [value as Generic] : [];
  return [...own, ...Object.values(value).flatMap(genericsIn)];
};

/** The type by which the vendor's package describes a response. */
const typeOf: Readonly<Record<string, string>> = {
  text: 'DialogNodeOutputGenericDialogNodeOutputResponseTypeText',
  connect_to_agent: 'DialogNodeOutputGenericDialogNodeOutputResponseTypeConnectToAgent',
};

const typeFaults = watsonTypeFaults('v1');

describe('the types of ibm-watson', () => {
  test('take every skill and every response that is shipped', async () => {
    const values = [
      ...skills.map((file) => ['Workspace', read(file)] as const),
      ...[...skills, ...transfers].flatMap((file) =>
        genericsIn(read(file)).map((generic) => [typeOf[generic.response_type] ?? '', generic] as const),
      ),
    ];
    expect(values.length).toBeGreaterThan(50);
    expect(await typeFaults(values)).toEqual([]);
  });

  test('refuse a field of another name', async () => {
    const skill = read(skills[0] ?? '');
    const [node] = skill.dialog_nodes;
    const [transfer = ''] = transfers;
    const [connect] = genericsIn(read(transfer));
    const faults = await typeFaults([
      ['Workspace', { ...skill, dialogNodes: [] }],
      ['Workspace', { ...skill, dialog_nodes: [{ ...node, condition: 'true' }] }],
      [typeOf.connect_to_agent ?? '', { ...connect, messageToHumanAgent: 'x' }],
      [typeOf.text ?? '', { response_type: 'text', text: 'x' }],
    ]);
    expect(faults).toHaveLength(4);
  });
});

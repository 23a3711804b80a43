/** A dialog skill as it is exported, as far as it is played here. */
export interface DialogSkill {
  readonly language: string;
  readonly intents: readonly { readonly intent: string; readonly examples: readonly { readonly text: string }[] }[];
  readonly entities: readonly {
    readonly entity: string;
    readonly values: readonly {
      readonly value: string;
      readonly type: string;
      readonly synonyms?: readonly string[];
      readonly patterns?: readonly string[];
    }[];
  }[];
  readonly dialog_nodes: readonly DialogNode[];
}

export interface DialogNode {
  readonly dialog_node: string;
  readonly type: string;
  readonly parent?: string;
  readonly previous_sibling?: string;
  readonly conditions: string;
  readonly context?: Readonly<Record<string, unknown>>;
  readonly output?: { readonly generic: readonly { readonly values: readonly { readonly text: string }[] }[] };
  readonly next_step?: { readonly behavior: string; readonly selector: string; readonly dialog_node: string };
  readonly actions?: readonly {
    readonly name: string;
    readonly type: string;
    readonly parameters: Readonly<Record<string, unknown>>;
    readonly result_variable: string;
  }[];
}

/** What the webhook answers to the parameters of a node; undefined when it fails, as Watson has it then. */
type Webhook = (parameters: Readonly<Record<string, unknown>>) => Promise<unknown>;

interface Heard {
  readonly text: string;
  readonly intent: string | undefined;
  /** By entity: which value was found, and in which words. */
  readonly entities: ReadonlyMap<string, { readonly value: string; readonly literal: string }>;
}

const plain = (text: string) =>
  text
    .toLowerCase()
    .replace(/[.!?,]/g, '')
    .trim();

function understand({ intents, entities }: DialogSkill, text: string): Heard {
  const words = ` ${plain(text)} `;
  const said = intents
    .flatMap(({ intent, examples }) => examples.map((example) => ({ intent, example: plain(example.text) })))
    .filter(({ example }) => words.includes(` ${example} `))
    // Of two examples the longer one says more.
    .sort((a, b) => b.example.length - a.example.length);
  const found = new Map<string, { value: string; literal: string }>();
  for (const { entity, values } of entities)
    for (const { value, synonyms = [], patterns = [] } of values) {
      const synonym = [value, ...synonyms].find((one) => words.includes(` ${plain(one)} `));
      const matched = patterns.map((pattern) => new RegExp(pattern).exec(text)?.[0]).find(Boolean);
      const literal = patterns.length > 0 ? matched : synonym;
      if (literal !== undefined && !found.has(entity)) found.set(entity, { value, literal });
    }
  return { text, intent: said[0]?.intent, entities: found };
}

export interface DialogPlayer {
  /** The variables of the conversation. */
  readonly context: ReadonlyMap<string, unknown>;
  /** What the customer says, or nothing for the beginning. Resolves to what the assistant says. */
  turn(text?: string): Promise<readonly string[]>;
}

/**
 * Plays a dialog by Watson's rules: siblings in order, the first whose condition holds; a jump goes to a node's response, to
 * its condition, or waits and begins with that node's condition. Intents are recognized by their examples. Source:
 * cloud.ibm.com/docs/watson-assistant, dialog-overview, read 2026-11-21.
 */
export function dialogPlayer(skill: DialogSkill, webhook: Webhook): DialogPlayer {
  const context = new Map<string, unknown>();
  const byId = new Map(skill.dialog_nodes.map((node) => [node.dialog_node, node]));
  /** Where the next answer is looked at first; undefined is the root. */
  let waitsAt: DialogNode | undefined;

  const nodeOf = (id: string): DialogNode => {
    const node = byId.get(id);
    if (!node) throw new Error(`there is no node ${id}`);
    return node;
  };

  function after(node: DialogNode | undefined, parent: string | undefined): DialogNode | undefined {
    const same = skill.dialog_nodes.filter((one) => one.parent === parent);
    return same.find((one) => one.previous_sibling === node?.dialog_node);
  }

  function read(expression: string, heard: Heard): unknown {
    const term = expression.trim();
    if (term === 'input.text') return heard.text;
    const literal = /^@(\w+)\.literal$/.exec(term)?.[1];
    if (literal !== undefined) return heard.entities.get(literal)?.literal;
    const [name = '', ...path] = /^\$(\w+(?:\.\w+)*)$/.exec(term)?.[1]?.split('.') ?? [];
    if (name === '') throw new Error(`cannot read ${expression}`);
    return path.reduce<unknown>((value, key) => Object(value)[key] ?? null, context.get(name) ?? null);
  }

  function holds(condition: string, heard: Heard, isStart: boolean): boolean {
    const one = (term: string): boolean => {
      const [, entity, value] = /^@(\w+)(?::(\w+))?$/.exec(term) ?? [];
      if (entity !== undefined) {
        const found = heard.entities.get(entity);
        return found !== undefined && (value === undefined || found.value === value);
      }
      const [, left = '', right] = /^(.*) == '(.*)'$/.exec(term) ?? [];
      if (right !== undefined) return read(left, heard) === right;
      if (term.startsWith('#')) return heard.intent === term.slice(1);
      if (term === 'welcome') return isStart;
      if (term === 'true' || term === 'anything_else') return true;
      return term !== 'false' && Boolean(read(term, heard));
    };
    return condition.split(' && ').every((term) => one(term.trim()));
  }

  const filled = (text: string, heard: Heard): string =>
    text.replace(/<\?(.*?)\?>|(\$\w+(?:\.\w+)*)/g, (_, given?: string, short?: string) =>
      String(read(given ?? short ?? '', heard) ?? ''),
    );

  function valueFor(template: unknown, heard: Heard): unknown {
    if (typeof template !== 'string') return template;
    const whole = /^<\?(.*)\?>$/.exec(template)?.[1] ?? (/^\$\w+$/.test(template) ? template : undefined);
    return whole === undefined ? filled(template, heard) : read(whole, heard);
  }

  /** Goes through siblings from a node on, then through the root; says what is said until it waits. */
  async function run(from: DialogNode | undefined, heard: Heard, isStart: boolean, said: string[]): Promise<void> {
    let node = from;
    while (node && !holds(node.conditions, heard, isStart)) node = after(node, node.parent);
    if (node) return respond(node, heard, said);
    if (from?.parent !== undefined) return run(after(undefined, undefined), heard, isStart, said);
    throw new Error('nothing in the dialog answers');
  }

  async function respond(node: DialogNode, heard: Heard, said: string[]): Promise<void> {
    if (said.length > 20) throw new Error('the dialog goes round in circles');
    for (const [name, template] of Object.entries(node.context ?? {})) context.set(name, valueFor(template, heard));
    for (const { values } of node.output?.generic ?? []) said.push(filled(values[0]?.text ?? '', heard));
    for (const { parameters, result_variable } of node.actions ?? []) {
      const given = Object.entries(parameters).map(([name, template]) => [name, valueFor(template, heard)]);
      context.set(result_variable, (await webhook(Object.fromEntries(given))) ?? null);
    }
    const firstChild = after(undefined, node.dialog_node);
    if (node.actions) return run(firstChild, heard, false, said);
    if (!node.next_step) {
      waitsAt = firstChild;
      return;
    }
    const target = nodeOf(node.next_step.dialog_node);
    if (node.next_step.selector === 'body') return respond(target, heard, said);
    if (node.next_step.selector === 'condition') return run(target, heard, false, said);
    waitsAt = target;
  }

  return {
    context,
    async turn(text) {
      const said: string[] = [];
      const from = waitsAt ?? after(undefined, undefined);
      waitsAt = undefined;
      await run(from, understand(skill, text ?? ''), text === undefined, said);
      return said;
    },
  };
}

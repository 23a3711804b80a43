import type { Branch } from './branch.ts';
import { claimDialog } from './claim-dialog.ts';
import type { SkillWords } from './skill-words.ts';

/** A node of a dialog as an export writes it. */
type DialogNode = Readonly<Record<string, unknown>>;

const texts = (...values: readonly string[]) => ({
  generic: [{ response_type: 'text', selection_policy: 'sequential', values: values.map((text) => ({ text })) }],
});

/** The nodes of branches beside each other, and of what is below them. */
function nodesOf(branches: readonly Branch[], parent?: Branch): readonly DialogNode[] {
  return branches.flatMap((branch, at) => {
    const { id, title, conditions, says, context, goes, asks, children = [] } = branch;
    const before = branches[at - 1]?.id;
    const node = {
      type: parent?.asks ? 'response_condition' : 'standard',
      title,
      dialog_node: id,
      ...(parent && { parent: parent.id }),
      ...(before !== undefined && { previous_sibling: before }),
      conditions,
      ...(says !== undefined && { output: texts(says) }),
      ...(context && { context }),
      ...(goes && { next_step: { behavior: 'jump_to', selector: goes.at, dialog_node: goes.to } }),
      ...(asks && {
        actions: [{ name: 'main_webhook', type: 'webhook', parameters: asks.parameters, result_variable: asks.into }],
        metadata: { _customization: { mcr: true } },
      }),
    };
    return [node, ...nodesOf(children, branch)];
  });
}

const synonyms = (value: string, words: readonly string[]) => ({ type: 'synonyms', value, synonyms: words });

/** International or not: what is no number is answered with `invalid_phone`, and the dialog asks again. */
const NUMBER = String.raw`\+?[0-9][0-9 ()./-]{4,22}[0-9]`;

/** The claim skill in the form of an export of Watson Assistant, ready to be imported. */
export function watsonSkill(words: SkillWords): string {
  const skill = {
    name: `Damage claim (${words.language})`,
    description: words.description,
    language: words.language,
    intents: Object.entries(words.intents).map(([intent, examples]) => ({
      intent,
      examples: examples.map((text) => ({ text })),
    })),
    entities: [
      { entity: 'yesno', fuzzy_match: true, values: [synonyms('no', words.no), synonyms('yes', words.yes)] },
      { entity: 'phone', fuzzy_match: false, values: [{ type: 'patterns', value: 'number', patterns: [NUMBER] }] },
    ],
    metadata: { api_version: { major_version: 'v2', minor_version: '2018-11-08' } },
    webhooks: [
      {
        name: 'main_webhook',
        url: 'https://handover.example.com/click-to-call',
        headers: [{ name: 'Content-Type', value: 'application/json' }],
      },
    ],
    dialog_nodes: nodesOf(claimDialog(words)),
    counterexamples: [],
    system_settings: { tooling: { store_generic_responses: true } },
    learning_opt_out: true,
  };
  return `${JSON.stringify(skill, undefined, 2)}\n`;
}

/** A node of the dialog, and those that come after it. */
export interface Branch {
  readonly id: string;
  readonly title: string;
  readonly conditions: string;
  readonly says?: string;
  readonly context?: Readonly<Record<string, unknown>>;
  /** Where it goes on: with what a node says, with its condition, or with the next answer from its condition on. */
  readonly goes?: { readonly to: string; readonly at: 'body' | 'condition' | 'user_input' };
  /** What it asks the webhook, and where the answer is kept. Its children then say what came of it. */
  readonly asks?: { readonly parameters: Readonly<Record<string, string>>; readonly into: string };
  readonly children?: readonly Branch[];
}

export const YES = '@yesno:yes';
export const NO = '@yesno:no';

/** Whoever asks for a person is not asked anything else. */
export const personFirst = (id: string): Branch => ({
  id: `${id}_person`,
  title: 'a person instead',
  conditions: '#startcall',
  goes: { to: 'wanted_at_number', at: 'condition' },
});

/** Waits for another answer, which is looked at from the first of the answers on. */
export const askAgain = (id: string, first: string, says: string): readonly Branch[] => [
  personFirst(id),
  { id: `${id}_unclear`, title: 'did not understand', conditions: 'true', says, goes: { to: first, at: 'user_input' } },
];

/** Asks the webhook and says its message, or that it cannot be known. */
export const told = (
  node: { readonly id: string; readonly title: string; readonly conditions: string },
  asks: NonNullable<Branch['asks']>,
  unknown: string,
): Branch => ({
  ...node,
  asks,
  children: [
    { id: `${node.id}_told`, title: 'told', conditions: `$${asks.into}`, says: `$${asks.into}.message` },
    { id: `${node.id}_unknown`, title: 'no answer', conditions: 'anything_else', says: unknown },
  ],
});

/** What was looked at, and what is wrong with it: names of settings and words of ours, never a value. */
export interface Check {
  readonly what: string;
  readonly faults: readonly string[];
}

/** One line per check, and one per fault below it. */
export function sayCheck({ what, faults }: Check): string {
  return [`${faults.length === 0 ? '✓' : '✗'} ${what}`, ...faults.map((fault) => `    ${fault}`)].join('\n');
}

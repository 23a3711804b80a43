import type { AnyFunction } from '../../shared/core/function.ts';

const PLACE = /(<!-- functions -->\n)[\s\S]*?(<!-- \/functions -->)/;

function row({ name, purpose, calledBy, deadlineMs }: AnyFunction): string {
  return `| [\`${name}\`](functions/${name}.ts) | ${purpose} | ${calledBy} | ${deadlineMs / 1_000} s |`;
}

/** The README with its table of functions made anew between its two marks; as it is when it has none. */
export function withFunctionsTable(readme: string, functions: readonly AnyFunction[]): string {
  const heading = '| function | what it is for | who calls it | answers within |\n| --- | --- | --- | --- |';
  const table = [heading, ...functions.map(row)].join('\n');
  return readme.replace(PLACE, (_, open: string, close: string) => `${open}${table}\n${close}`);
}

import { problemKinds } from '../../shared/core/problems.ts';

const HEADING = `# Problems

Every error is answered as \`{"error":{"code","message","id"}}\`. The code is stable: switch on it. The id is in the log line of the call. This page is
made from \`shared/core/problems.ts\` by \`npm run generate\`.

| code | status | message | repeat? | what to do |
| --- | --- | --- | --- | --- |
`;

/** The text of `docs/problems.md`. */
export function problemsPage(): string {
  const rows = Object.entries(problemKinds).map(
    ([code, { status, says, retryable, advice }]) =>
      `| \`${code}\` | ${status} | ${says} | ${retryable ? 'yes' : 'no'} | ${advice.replaceAll('|', '\\|')} |`,
  );
  return `${HEADING}${rows.join('\n')}\n`;
}

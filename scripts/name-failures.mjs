import { failuresIn } from './count-tests.mjs';

/** How much is said of what failed: so much stays when a machine keeps only the last hundred lines of an output. */
const MOST_FAILURES = 20;
const MOST_LINES = 60;
const MOST_LINES_OF_ONE = 12;
const MOST_CHARACTERS_OF_LINE = 200;

/** The first of them begins what is said of what failed; `.ci/run` looks for it. */
const HEADING = '--- what failed';

/** The first lines of a message, indented, without colours and without what vitest adds of itself. */
function firstLines(message, count) {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with one
  const plain = message.replaceAll(/\u001b\[[\d;]*m/g, '');
  const lines = plain.split('\n').filter((line) => line.trim() !== '' && !/^\s+at .*node_modules/.test(line));
  return lines.slice(0, count).map((line) => `    ${line.trimEnd().slice(0, MOST_CHARACTERS_OF_LINE)}`);
}

/**
 * Every test that failed and every suite that could not be loaded or set up, by file and full name, with the first lines
 * of its message; nothing when all passed. Bounded, however much failed.
 *
 * @param {{ testResults: { name: string, status: string, message?: string, assertionResults: { status: string,
 *   fullName: string, failureMessages?: string[] }[] }[] }} report as vitest writes it
 * @param {string} root the folder that files are named from
 * @returns {string[]} lines
 */
export function nameFailures(report, root) {
  const failures = failuresIn(report).map(({ suite, test }) => {
    const file = suite.name.startsWith(root) ? suite.name.slice(root.length).replace(/^[/\\]/, '') : suite.name;
    if (test === undefined) return { name: file, message: suite.message ?? '' };
    return { name: `${file}: ${test.fullName}`, message: (test.failureMessages ?? []).join('\n') };
  });
  if (failures.length === 0) return [];
  const named = failures.slice(0, MOST_FAILURES);
  const linesOfOne = Math.min(MOST_LINES_OF_ONE, Math.floor(MOST_LINES / named.length) - 1);
  const more = failures.length - named.length;
  return [
    HEADING,
    ...named.flatMap(({ name, message }) => [name.replaceAll('\n', ' '), ...firstLines(message, linesOfOne)]),
    ...(more > 0 ? [`and ${more} more`] : []),
  ];
}

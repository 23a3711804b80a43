/**
 * Counts what vitest's JSON report says over all suites. A suite that could not be loaded, or whose set-up failed, counts
 * as one that failed; so does a run without any test, and a run that failed for a reason no test shows.
 *
 * @param {{ testResults: { status: string, assertionResults: { status: string }[] }[] }} report
 * @param {number | null} exitCode of vitest
 * @returns {{ passed: number, failed: number }}
 */
export function countTests(report, exitCode) {
  const count = (status) =>
    report.testResults.flatMap((suite) => suite.assertionResults).filter((test) => test.status === status).length;
  const passed = count('passed');
  const brokenSuites = report.testResults.filter(
    (suite) => suite.status === 'failed' && !suite.assertionResults.some((test) => test.status === 'failed'),
  ).length;
  const failed = count('failed') + brokenSuites;
  const unseen = failed === 0 && (exitCode !== 0 || passed === 0);
  return { passed, failed: failed + (unseen ? 1 : 0) };
}

/**
 * What failed of vitest's JSON report: each test that did, and each suite that could not be loaded, or whose set-up failed, by
 * itself, without a test.
 *
 * @template {{ status: string }} T
 * @template {{ status: string, assertionResults: T[] }} S
 * @param {{ testResults: S[] }} report
 * @returns {{ suite: S, test: T | undefined }[]}
 */
export function failuresIn(report) {
  return report.testResults.flatMap((suite) => {
    const tests = suite.assertionResults.filter((test) => test.status === 'failed');
    if (suite.status === 'failed' && tests.length === 0) return [{ suite, test: undefined }];
    return tests.map((test) => ({ suite, test }));
  });
}

/**
 * Counts what vitest's JSON report says over all suites. A suite that could not be loaded counts as one that failed; so does a
 * run without any test, and a run that failed for a reason no test shows.
 *
 * @param {{ testResults: { status: string, assertionResults: { status: string }[] }[] }} report
 * @param {number | null} exitCode of vitest
 * @returns {{ passed: number, failed: number }}
 */
export function countTests(report, exitCode) {
  const tests = report.testResults.flatMap((suite) => suite.assertionResults);
  const passed = tests.filter((test) => test.status === 'passed').length;
  const failed = failuresIn(report).length;
  const unseen = failed === 0 && (exitCode !== 0 || passed === 0);
  return { passed, failed: failed + (unseen ? 1 : 0) };
}

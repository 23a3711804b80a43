/** Starts what all suites share, once per run. */
export default async function setup(): Promise<void> {}

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestProject } from 'vitest/node';
import { type RunningEngine, startDynamoDbLocal } from './dynamodb-local.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Ask here for the address of DynamoDB Local; it is started when the first test asks. */
    readonly dynamoDbLocalDoor: string;
  }
}

/** Starts what all suites share, once per run: DynamoDB Local, but only when a test needs it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  let starting: Promise<RunningEngine> | undefined;
  const door = createServer((_, response) => {
    starting ??= startDynamoDbLocal();
    starting.then(
      ({ endpoint }) => response.end(endpoint),
      (error: Error) => response.writeHead(503).end(error.message),
    );
  });
  await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve));
  project.provide('dynamoDbLocalDoor', `http://127.0.0.1:${(door.address() as AddressInfo).port}`);
  return async () => {
    door.closeAllConnections();
    door.close();
    await starting?.then(
      (engine) => engine.stop(),
      () => undefined,
    );
  };
}

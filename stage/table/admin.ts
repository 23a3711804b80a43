import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Env } from '../../shared/core/settings.ts';
import { createTable } from '../../shared/store/create-table.ts';

/** A client of the stage's own, beside the door at which requests are noted and faults happen. */
export function adminClient(endpoint: string, env: Env): DynamoDBClient {
  return new DynamoDBClient({
    region: env.AWS_REGION ?? 'us-east-1',
    endpoint,
    credentials: {
      accessKeyId: env.AWS_ACCESS_KEY_ID ?? 'stage',
      secretAccessKey: env.AWS_SECRET_ACCESS_KEY ?? 'stage',
    },
  });
}

/** Makes the table that the functions are told of. */
export async function makeTable(endpoint: string, env: Env): Promise<void> {
  const client = adminClient(endpoint, env);
  await createTable(client, env.HANDOVER_TABLE ?? 'handover');
  client.destroy();
}

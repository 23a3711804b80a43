import { connect } from '../../../shared/store/client.ts';
import { createTable } from '../../../shared/store/create-table.ts';
import { testSettings } from '../calls.ts';
import { startDynalite } from '../dynalite.ts';
import type { RunningEngine } from '../dynamodb-local.ts';

/** The embedded engine with an empty table of the name that tests share. */
export async function startDynaliteTable(): Promise<RunningEngine> {
  const engine = await startDynalite();
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const { client } = connect({ region: testSettings.AWS_REGION, endpoint: engine.endpoint, credentials });
  await createTable(client, testSettings.HANDOVER_TABLE);
  client.destroy();
  return engine;
}

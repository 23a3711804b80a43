import {
  DescribeTableCommand,
  type DescribeTableCommandOutput,
  DescribeTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { Problem } from '../../shared/core/problems.ts';
import type { Env } from '../../shared/core/settings.ts';
import { type Connection, connect } from '../../shared/store/client.ts';
import { engineOf, tableSettings } from '../../shared/store/table.ts';
import type { Check } from './check.ts';

const KEYS = ['pk HASH S', 'sk RANGE S'];

/** The keys of a table, like `pk HASH S`. */
function keysOf({ Table }: DescribeTableCommandOutput): readonly string[] {
  const typeOf = (name: string | undefined) =>
    Table?.AttributeDefinitions?.find(({ AttributeName }) => AttributeName === name)?.AttributeType;
  return (Table?.KeySchema ?? []).map(
    ({ AttributeName, KeyType }) => `${AttributeName} ${KeyType} ${typeOf(AttributeName)}`,
  );
}

async function tableFaults({ request }: Connection, TableName: string): Promise<readonly string[]> {
  const table = await request((client, options) => client.send(new DescribeTableCommand({ TableName }), options));
  const faults: string[] = [];
  if (table.Table?.TableStatus !== 'ACTIVE') faults.push('the table is not ready yet');
  if (keysOf(table).join() !== KEYS.join()) faults.push(`the table needs the keys ${KEYS.join(' and ')}`);
  const cleared = await request((client, options) =>
    client.send(new DescribeTimeToLiveCommand({ TableName }), options),
  );
  const { TimeToLiveStatus: status, AttributeName: attribute } = cleared.TimeToLiveDescription ?? {};
  if (!status?.startsWith('ENABL') || attribute !== 'ttlSec') {
    faults.push('old items are not cleared away: switch on time to live for the attribute ttlSec');
  }
  return faults;
}

/** Whether the table can be reached with these settings, has our keys, and lets go of old items. */
export async function checkTable(env: Env): Promise<Check> {
  const what = 'the table';
  const faults: string[] = [];
  const settings = tableSettings.read(env, faults);
  if (faults.length > 0) return { what, faults };
  const connection = connect(engineOf(settings));
  try {
    return { what, faults: await tableFaults(connection, settings.HANDOVER_TABLE) };
  } catch (error) {
    const reason = error instanceof Problem ? error.detail.reason : undefined;
    return { what, faults: [reason ?? 'the table cannot be asked'] };
  } finally {
    connection.client.destroy();
  }
}

import { settingsOf } from '../../../scripts/build/lambda-list.ts';
import type { AnyFunction } from '../../../shared/core/function.ts';
import { testSettings } from '../calls.ts';

/** Settings with which any of these functions starts, the table being at that address. */
export function everySetting(functions: readonly AnyFunction[], tableAddress: string): Record<string, string> {
  const needed = functions.flatMap(settingsOf).filter(({ optional }) => !optional);
  return {
    ...Object.fromEntries(needed.map(({ name, example }) => [name, example])),
    ...testSettings,
    DESK: 'webhook',
    SERVICENOW_PASSWORD: 'servicenow-password-0123456789',
    DESK_WEBHOOK_SECRET: `whsec_${Buffer.from('a secret of the webhook desk').toString('base64')}`,
    AWS_ENDPOINT_URL_DYNAMODB: tableAddress,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  };
}

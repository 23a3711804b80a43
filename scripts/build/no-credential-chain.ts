/**
 * Takes the place of the SDK's search for credentials in bundles. The table's settings hold them on every platform, Lambda
 * sets them itself; the search in files, at other services and on the machine costs 100 KB and never finds more there.
 */
export function defaultProvider(): () => Promise<never> {
  return async () => {
    throw Object.assign(new Error('AWS_ACCESS_KEY_ID is not set'), { name: 'CredentialsProviderError' });
  };
}

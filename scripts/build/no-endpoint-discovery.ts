/**
 * Takes the place of the SDK's endpoint discovery in bundles. No operation of DynamoDB asks for endpoints, but every client
 * makes a cache of a thousand of them at its start.
 */
export const resolveEndpointDiscoveryConfig = <T>(input: T): T => input;

export const NODE_ENDPOINT_DISCOVERY_CONFIG_OPTIONS = {};

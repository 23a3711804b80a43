import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { Problem } from '../core/problems.ts';
import { openPlaces } from './places.ts';

/** Where the table's engine is, and who asks. */
export interface Engine {
  readonly region: string;
  /** Undefined is AWS itself. */
  readonly endpoint: string | undefined;
  /** Undefined asks the platform: its role, its environment. */
  readonly credentials:
    | { readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken?: string }
    | undefined;
}

/** How long things may take, in milliseconds. */
export interface Patience {
  readonly connectMs: number;
  /** One try; there are two. */
  readonly tryMs: number;
  /** Both tries and the pause between them. */
  readonly callMs: number;
  /** Waiting for a place before the first try, where one instance has many calls at once. */
  readonly placeMs: number;
}

const patience: Patience = { connectMs: 300, tryMs: 700, callMs: 1_500, placeMs: 3_000 };

const SOCKETS = 50;

/** The way to the table. */
export interface Connection {
  readonly client: DynamoDBClient;
  /**
   * Sends one command. Throws `state_unavailable` for whatever keeps the table from answering, and DynamoDB's own
   * `ConditionalCheckFailedException`, which is an answer.
   */
  request<T>(send: (client: DynamoDBClient, options: { readonly abortSignal: AbortSignal }) => Promise<T>): Promise<T>;
  /** The same way for one call: what is under way when the signal comes is called off. */
  until(signal: AbortSignal): Connection;
}

const words: Readonly<Record<string, string>> = {
  AbortError: 'table slow',
  TimeoutError: 'table slow',
  ProvisionedThroughputExceededException: 'table throttled',
  RequestLimitExceeded: 'table throttled',
  ThrottlingException: 'table throttled',
  ResourceNotFoundException: 'table missing',
  AccessDeniedException: 'table refused us',
  UnrecognizedClientException: 'table refused us',
  CredentialsProviderError: 'no credentials for the table',
  ValidationException: 'table did not understand',
};

/** Whether a write was refused because its condition did not hold. */
export function isConditionFailure(error: unknown): boolean {
  return error instanceof Error && error.name === 'ConditionalCheckFailedException';
}

function unavailable(error: unknown): Problem {
  const name = error instanceof Error ? error.name : '';
  return new Problem('state_unavailable', { reason: words[name] ?? 'table unreachable', cause: error });
}

/** Opens the way to the table: two tries of 700 ms. Nothing is sent yet. */
export function connect({ region, endpoint, credentials }: Engine, limits: Patience = patience): Connection {
  const client = new DynamoDBClient({
    region,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(credentials === undefined ? {} : { credentials }),
    maxAttempts: 2,
    // Said here, the SDK does not look for them in files.
    retryMode: 'standard',
    defaultsMode: 'standard',
    useDualstackEndpoint: false,
    useFipsEndpoint: false,
    accountIdEndpointMode: 'disabled',
    authSchemePreference: ['sigv4'],
    userAgentAppId: async () => undefined,
    disableClockSkewCorrection: false,
    ignoreConfiguredEndpointUrls: true,
    requestHandler: {
      connectionTimeout: limits.connectMs,
      requestTimeout: limits.tryMs,
      socketTimeout: limits.tryMs, // the request timeout ends with the headers; this one watches the body
      throwOnRequestTimeout: true, // without it the SDK only warns and goes on waiting
      httpAgent: { maxSockets: SOCKETS },
      httpsAgent: { maxSockets: SOCKETS },
    },
  });
  const inPlace = openPlaces(SOCKETS);

  const wayUntil = (over: readonly AbortSignal[]): Connection => ({
    client,
    request: (send) =>
      inPlace(AbortSignal.any([...over, AbortSignal.timeout(limits.placeMs)]), async () => {
        const abortSignal = AbortSignal.any([...over, AbortSignal.timeout(limits.callMs)]);
        try {
          abortSignal.throwIfAborted();
          return await send(client, { abortSignal });
        } catch (error) {
          throw isConditionFailure(error) ? error : unavailable(error);
        }
      }),
    until: (signal) => wayUntil([...over, signal]),
  });
  return wayUntil([]);
}

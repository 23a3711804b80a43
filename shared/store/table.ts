import * as v from 'valibot';
import type { Erasures } from '../core/erase/erasures.ts';
import type { PerCall, PortContext } from '../core/function.ts';
import { optional, required, type SettingsOf, settings, text, wholeNumber } from '../core/settings.ts';
import type { Table } from '../core/table.ts';
import { openCallProgress } from './call-progress.ts';
import { openCalls } from './calls.ts';
import { openChats } from './chats.ts';
import { connect, type Patience } from './client.ts';
import { openContexts } from './contexts.ts';
import { openDueCalls } from './due-calls.ts';
import { openErasures } from './erasures.ts';
import { type Items, openItems } from './items.ts';
import { openOnce } from './once.ts';
import { openOpenings } from './openings.ts';
import { openOutbox } from './outbox.ts';
import { openRates } from './rates.ts';
import { openReminders } from './reminders.ts';
import { openStates } from './states.ts';
import { openTranscripts } from './transcripts.ts';
import { openVoiceTurns } from './voice-turns.ts';

/** What a function that reaches the table must be told. */
export const tableSettings = settings({
  HANDOVER_TABLE: required(v.pipe(v.string(), v.regex(/^[\w.-]{3,255}$/)), {
    is: 'name of the DynamoDB table',
    example: 'handover',
  }),
  AWS_REGION: required(v.pipe(v.string(), v.regex(/^[a-z0-9-]{1,40}$/)), {
    is: 'region of the table; Lambda sets it itself',
    example: 'us-east-1',
  }),
  AWS_ENDPOINT_URL_DYNAMODB: optional(v.pipe(v.string(), v.regex(/^https?:\/\//), v.url()), undefined, {
    is: 'where DynamoDB is, when it is not AWS',
    example: 'http://localhost:8000',
  }),
  AWS_ACCESS_KEY_ID: optional(text(), undefined, {
    is: 'who reads and writes the table, where the platform has no role; Lambda sets it itself',
    secret: true,
  }),
  AWS_SECRET_ACCESS_KEY: optional(text(), undefined, { is: 'the key that belongs to AWS_ACCESS_KEY_ID', secret: true }),
  AWS_SESSION_TOKEN: optional(text(4_000), undefined, {
    is: 'the token that belongs to a temporary AWS_ACCESS_KEY_ID',
    secret: true,
  }),
  TRANSCRIPT_DAYS: optional(wholeNumber(1, 3_650), 30, { is: 'how many days what was said is kept' }),
});

export type TableSettings = SettingsOf<typeof tableSettings>;

type TableContext = Pick<PortContext<TableSettings>, 'settings' | 'clock'>;

/** Where the settings say that the table's engine is. */
export function engineOf(settings: TableSettings) {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = settings;
  const sessionToken = settings.AWS_SESSION_TOKEN;
  return {
    region: settings.AWS_REGION,
    endpoint: settings.AWS_ENDPOINT_URL_DYNAMODB,
    credentials:
      accessKeyId === undefined || secretAccessKey === undefined
        ? undefined
        : { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) },
  };
}

/** All parts over the same items. */
export function tableOf(items: Items): Table {
  return {
    states: openStates(items),
    transcripts: openTranscripts(items),
    outbox: openOutbox(items),
    once: openOnce(items),
    calls: openCalls(items),
    progress: openCallProgress(items),
    rates: openRates(items),
    chats: openChats(items),
    contexts: openContexts(items),
    openings: openOpenings(items),
    due: openDueCalls(items),
    reminders: openReminders(items),
    voice: openVoiceTurns(items),
  };
}

/** Opens the items of the table, of which what is under way when the call is answered is called off. */
function openItemsOf({ settings, clock }: TableContext, patience?: Patience): (signal: AbortSignal) => Items {
  const connection = connect(engineOf(settings), patience);
  const { HANDOVER_TABLE: table, TRANSCRIPT_DAYS: transcriptDays } = settings;
  return (signal) => openItems({ connection: connection.until(signal), table, clock, transcriptDays });
}

/** Opens what removes everything of a customer. */
export function openErasing(context: TableContext): PerCall<Erasures> {
  const itemsUntil = openItemsOf(context);
  return { within: ({ signal }) => openErasures(itemsUntil(signal)) };
}

/**
 * Opens the whole table. Nothing is sent before it is used; what is under way when the call is answered is called off. With
 * another patience than that of a function where one is given.
 */
export function openTable(context: TableContext, patience?: Patience): PerCall<Table> {
  const itemsUntil = openItemsOf(context, patience);
  return { within: ({ signal }) => tableOf(itemsUntil(signal)) };
}

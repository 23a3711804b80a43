import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import type { Env } from '../shared/core/settings.ts';

/** Where the twins listen. */
export interface TwinAddresses {
  readonly twilio: string;
  readonly watson: string;
  readonly botcopy: string;
  readonly desk: string;
  readonly bot: string;
  readonly servicenow: string;
  readonly genesys: string;
  readonly rasa: string;
  readonly dynamodb: string;
}

const ACCOUNT = 'AC00000000000000000000000000000001';

/** Names of accounts and places. None is real; what the functions are told about the stage is what they would be told about the world. */
const places: Env = {
  STAGE: 'local',
  DESK: 'stage',
  TWILIO_ACCOUNT_SID: ACCOUNT,
  TWILIO_API_KEY: 'SK00000000000000000000000000000001',
  TWILIO_PHONE_NUMBER: '+15005550010',
  STUDIO_WEBHOOK_URL: `https://webhooks.twilio.com/v1/Accounts/${ACCOUNT}/Flows/FW00000000000000000000000000000001`,
  STAGE_HELPDESK_NUMBER: '+15005550012',
  WATSON_SIP_HOST: 'sip.example.com',
  FLEX_ADDRESS_SID: 'IG00000000000000000000000000000001',
  FLEX_CONVERSATIONS_SERVICE_SID: 'IS00000000000000000000000000000001',
  FLEX_WORKSPACE_SID: 'WS00000000000000000000000000000001',
  FLEX_WORKFLOW_SID: 'WW00000000000000000000000000000001',
  FLEX_TASK_QUEUE_SID: 'WQ00000000000000000000000000000001',
  FLEX_TASK_CHANNEL: 'voice',
  VERIFY_SERVICE_SID: 'VA00000000000000000000000000000001',
  AGENT_NUMBERS: '+15005550008',
  ALLOWED_COUNTRIES: 'US',
  BOT_IDS: 'bot-1',
  HANDOVER_TABLE: 'handover',
  AWS_REGION: 'us-east-1',
};

/** Known to everybody who reads this file, so they count only while the twins stand in for the partners. */
const openSecrets: Env = {
  TWILIO_AUTH_TOKEN: '0123456789abcdef0123456789abcdef',
  TWILIO_API_SECRET: 'twilio-api-secret-0123456789abcdef',
  SESSION_SECRET: 'session-secret-0123456789abcdef-0123456789abcdef',
  BOT_ACCESS_TOKEN: 'botcopy-access-token-0123456789',
  DESK_API_KEY: 'desk-api-key-0123456789abcdef',
  ADMIN_KEY: 'admin-key-0123456789abcdef',
  WATSON_WEBHOOK_SECRET: 'watson-webhook-secret-0123456789abcdef',
  BOTCOPY_API_KEY: 'botcopy-api-key-0123456789abcdef',
  BOT_PUSH_SECRET: 'whsec_Ym90LXB1c2gtc2VjcmV0LTAxMjM0NTY3ODlhYmNkZWY=',
  STAGE_DESK_SECRET: 'whsec_c3RhZ2UtZGVzay1zZWNyZXQtMDEyMzQ1Njc4OWFiY2Q=',
};

/** The embedded table asks for a signature but checks none. */
const embeddedTableKeys: Env = { AWS_ACCESS_KEY_ID: 'stage', AWS_SECRET_ACCESS_KEY: 'stage' };

/** What `.env` in a folder says; the environment wins over it. Empty where there is no such file. */
export function givenSettings(folder: string, environment: Env): Env {
  const file = join(folder, '.env');
  return { ...(existsSync(file) ? parseEnv(readFileSync(file, 'utf8')) : {}), ...environment };
}

/** Whether the account is somebody's own, so that Twilio is to be the real one. */
export function hasOwnAccount({ TWILIO_ACCOUNT_SID, TWILIO_API_KEY, TWILIO_API_BASE_URL }: Env): boolean {
  return !TWILIO_API_BASE_URL && !!TWILIO_API_KEY && !!TWILIO_ACCOUNT_SID && TWILIO_ACCOUNT_SID !== ACCOUNT;
}

/** The twin as Genesys Cloud, where neither an organisation nor a PureConnect server of one's own is given. */
function genesysCloud({ GENESYS_API_URL, GENESYS_ICWS_URL }: Env, twin: string): Env {
  if (GENESYS_API_URL || GENESYS_ICWS_URL) return {};
  return {
    GENESYS_API_URL: twin,
    GENESYS_LOGIN_URL: twin,
    GENESYS_CLIENT_ID: '00000000-0000-4000-8000-000000000011',
    GENESYS_CLIENT_SECRET: 'genesys-client-secret-0123456789',
    GENESYS_INTEGRATION_ID: '00000000-0000-4000-8000-000000000012',
    GENESYS_WEBHOOK_SECRET: 'genesys-webhook-secret-0123456789',
    GENESYS_QUEUE_ID: '00000000-0000-4000-8000-000000000013',
  };
}

/** The twin as an instance of ServiceNow, where none of one's own is given. */
function serviceNow({ SERVICENOW_URL }: Env, twin: string): Env {
  if (SERVICENOW_URL) return {};
  return {
    SERVICENOW_URL: twin,
    SERVICENOW_USER: 'handover.integration',
    SERVICENOW_PASSWORD: 'servicenow-password-0123456789',
    SERVICENOW_TOKEN: 'servicenow-token-0123456789abcdef',
    SERVICENOW_WEBHOOK_TOKEN: 'servicenow-webhook-token-0123456789',
    SERVICENOW_PIN_FIELD: 'u_helpdesk_pin',
  };
}

/** The twin as a Rasa server, and as another bot that calls may be given to, where none of one's own is given. */
function rasaServers({ RASA_URL }: Env, twin: string): Env {
  return {
    HANDOFF_BOTS: JSON.stringify({ orders: { title: 'the order bot', url: `${twin}/orders` } }),
    ...(RASA_URL
      ? {}
      : { RASA_URL: `${twin}/helpdesk`, RASA_AUTHORIZATION: 'Basic cmFzYTpyYXNhLXBhc3N3b3JkLTAxMjM0NTY3ODk=' }),
  };
}

/** The twin as an instance of Watson Assistant, where none of one's own is given. */
function watsonAssistant({ WATSON_URL }: Env, twin: string): Env {
  if (WATSON_URL) return {};
  return {
    WATSON_URL: `${twin}/instances/00000000-0000-4000-8000-000000000021`,
    WATSON_API_KEY: 'watson-api-key-0123456789abcdef',
    WATSON_ENVIRONMENT_ID: '00000000-0000-4000-8000-000000000022',
    WATSON_ASSISTANT_ID: '00000000-0000-4000-8000-000000000023',
  };
}

/** `GENESYS_ICWS_URL=twin` is the twin as a PureConnect server, with one workgroup where no other is named. */
function pureConnect({ GENESYS_ICWS_URL, DESK_QUEUES }: Env, twin: string): Env {
  if (GENESYS_ICWS_URL !== 'twin') return {};
  return { GENESYS_ICWS_URL: twin, DESK_QUEUES: DESK_QUEUES || '{"*":"Support"}' };
}

/**
 * The settings of the stage: whatever is given, and defaults for everything else; empty counts as not given, and `none` stands
 * for a setting that is to have no value at all, like a number without a Studio flow. With an
 * account of one's own Twilio is the real one. Then no secret has a default any more, and a function whose secret is
 * missing says so.
 */
export function stageSettings(given: Env, stageUrl: string, twins: TwinAddresses): Env {
  const real = hasOwnAccount(given);
  const all: Env = {
    ...places,
    ...(real ? {} : { ...openSecrets, TWILIO_API_BASE_URL: twins.twilio }),
    ...(given.AWS_ENDPOINT_URL_DYNAMODB ? {} : embeddedTableKeys),
    PUBLIC_BASE_URL: stageUrl,
    ALLOWED_ORIGINS: `https://shop.example.com ${stageUrl}`,
    AGENT_FRAME_ORIGINS: `https://flex.twilio.com ${stageUrl}`,
    BOTCOPY_PUSH_URL: `${twins.botcopy}/webhooks/handover/push`,
    BOT_PUSH_URL: `${twins.bot}/events`,
    STAGE_DESK_URL: `${twins.desk}/events`,
    AWS_ENDPOINT_URL_DYNAMODB: twins.dynamodb,
    ...(real
      ? {}
      : {
          ...genesysCloud(given, twins.genesys),
          ...serviceNow(given, twins.servicenow),
          ...rasaServers(given, twins.rasa),
          ...watsonAssistant(given, twins.watson),
        }),
    ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== '')),
    ...pureConnect(given, twins.genesys),
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== 'none'));
}

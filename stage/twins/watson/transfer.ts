import { readFileSync } from 'node:fs';
import * as v from 'valibot';
import type { AssistantTurn } from './call.ts';
import { transferOf } from './refer.ts';
import type { AssistantScript } from './script.ts';

/** How the assistant hands a call over. */
export interface Transfer {
  /** The response that says so: `connect_to_agent`. */
  readonly item: AssistantTurn['generic'][number];
  readonly words: string;
  readonly byHangingUp: boolean;
  readonly referTo: string;
  /** Twilio does not take the target. */
  readonly isRefused: boolean;
}

const shippedFile = v.object({
  generic: v.tuple([
    v.looseObject({
      response_type: v.literal('connect_to_agent'),
      agent_available: v.object({ message: v.string() }),
      transfer_info: v.object({
        target: v.object({
          service_desk: v.object({
            sip: v.looseObject({
              uri: v.string(),
              transfer_method: v.picklist(['refer', 'hangup']),
              transfer_headers_send_method: v.optional(v.string()),
            }),
          }),
        }),
      }),
    }),
  ]),
});

/** A response of the repository as an action plays it: its variables filled in, its `@` as it goes on the wire. */
function shipped(name: string, key: string, handoverId: string, script: AssistantScript): Transfer {
  const file = new URL(`../../../watson/connect-to-agent/${name}.actions.json`, import.meta.url);
  const [item] = v.parse(shippedFile, JSON.parse(readFileSync(file, 'utf8'))).generic;
  const { sip } = item.transfer_info.target.service_desk;
  const uri = sip.uri.replace(/\$\{handover_id\}/g, handoverId).replace(/\\+@/g, '@');
  const withKey = sip.transfer_headers_send_method === 'refer_to_header';
  const value = encodeURIComponent(`${key};encoding=ascii`);
  const target = withKey ? `<${uri}${uri.includes('?') ? '&' : '?'}User-to-User=${value}>` : `<${uri}>`;
  const { referTo, isRefused } = transferOf(key, handoverId, { ...script, referTo: target });
  return {
    item: { ...item, transfer_info: { target: { service_desk: { sip: { ...sip, uri } } } } },
    words: item.agent_available.message,
    byHangingUp: sip.transfer_method === 'hangup',
    referTo,
    isRefused,
  };
}

const HANDING_OVER = 'One moment, I will connect you with a person.';

/** The assistant's wish that a human takes over, as a script says it. Source: IBM's page on phone actions, read 2026-11-21. */
function scripted(key: string, handoverId: string, script: AssistantScript): Transfer {
  const { ends, messageToAgent } = script;
  const { uri, headers, referTo, isRefused } = transferOf(key, handoverId, script);
  const byHangingUp = ends === 'bye';
  const sip = {
    uri,
    ...(byHangingUp && { transfer_method: 'hangup', transfer_target_header: 'Transfer-Target' }),
    transfer_headers: headers,
    transfer_headers_send_method: 'refer_to_header',
  };
  const item = {
    response_type: 'connect_to_agent',
    ...(messageToAgent !== undefined && { message_to_human_agent: messageToAgent }),
    agent_available: { message: HANDING_OVER },
    agent_unavailable: { message: '' },
    transfer_info: { target: { service_desk: { sip } } },
  };
  return { item, words: HANDING_OVER, byHangingUp, referTo, isRefused };
}

/** How a call with this key and handover is handed over. */
export function transferBy(script: AssistantScript, key: string, handoverId: string): Transfer {
  return script.response === undefined
    ? scripted(key, handoverId, script)
    : shipped(script.response, key, handoverId, script);
}

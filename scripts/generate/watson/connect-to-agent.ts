/** How a call is transferred to a person, by the name of its files. */
const ways = {
  /** The handover's own short id in the target: everything else is in the table under it. */
  refer: {
    uri: (id: string) => `sip:handover\\@flex.twilio.com?X-Handover-Id=${id}`,
    sip: { transfer_method: 'refer', transfer_headers_send_method: 'custom_header' },
  },
  /** Watson's key in the target, for who reads the transcript in IBM's agent app. It leaves no room for anything else. */
  'refer-with-key': {
    uri: () => 'sip:q\\@twilio.com',
    sip: { transfer_method: 'refer', transfer_headers_send_method: 'refer_to_header' },
  },
  /** By hanging up: the target never reaches us, so the webhook after the message tells that a person was asked for. */
  'hang-up': {
    uri: () => 'sip:handover\\@flex.twilio.com',
    sip: { transfer_method: 'hangup', transfer_target_header: 'Transfer-Target' },
  },
} as const;

/** A variable as actions write it. */
const ACTIONS_ID = `$${'{handover_id}'}`;

const MESSAGES = {
  agent_available: { message: 'One moment please, I will connect you with a person.' },
  agent_unavailable: { message: 'Nobody is free at the moment.' },
  message_to_human_agent: 'The caller asked for a person.',
};

/** A `connect_to_agent` response for the phone. `id` is how the kind of skill writes the variable with the handover's id. */
function response({ uri, sip }: (typeof ways)[keyof typeof ways], id: string) {
  const target = { service_desk: { sip: { uri: uri(id), ...sip } } };
  return { response_type: 'connect_to_agent', transfer_info: { target }, ...MESSAGES };
}

const json = (value: unknown) => `${JSON.stringify(value, undefined, 2)}\n`;

/** The responses by which an assistant hands a phone call to a person: path from the root, and text. */
export function connectToAgent(): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(ways).flatMap(([name, way]) => [
      [`watson/connect-to-agent/${name}.actions.json`, json({ generic: [response(way, ACTIONS_ID)] })],
      [`watson/connect-to-agent/${name}.dialog.json`, json({ output: { generic: [response(way, '$handover_id')] } })],
    ]),
  );
}

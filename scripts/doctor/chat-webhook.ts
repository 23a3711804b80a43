import * as v from 'valibot';
import { type Deadline, startDeadline } from '../../shared/core/deadline.ts';
import { publicUrls } from '../../shared/core/public-urls.ts';
import type { Env } from '../../shared/core/settings.ts';
import { deskTelling } from '../../shared/desks/events.ts';
import { flexTelling } from '../../shared/desks/flex/events.ts';
import { sendHttp } from '../../shared/http/client.ts';
import { systemClock } from '../../shared/runtimes/system.ts';
import { type TwilioAnswer, type TwilioRest, twilioRest } from '../../shared/twilio/rest.ts';
import { webChatReach } from '../../shared/twilio/web-chat-reach.ts';
import type { Check } from './check.ts';

const HOST = 'conversations.twilio.com';

const ASK_MS = 10_000;

/** What keeps a web chat going and ends it. */
const HEARD = ['onMessageAdded', 'onParticipantRemoved', 'onConversationStateUpdated'];

const webhook = v.object({
  pre_webhook_url: v.nullish(v.string(), ''),
  post_webhook_url: v.nullish(v.string(), ''),
  filters: v.nullish(v.array(v.string()), []),
  method: v.nullish(v.string(), 'POST'),
});

type Webhook = v.InferOutput<typeof webhook>;

/** The webhook of the service where it has one, else that of the account, which it then takes the place of. */
async function webhookOf(rest: TwilioRest, service: string, deadline: Deadline): Promise<TwilioAnswer<Webhook>> {
  const read = (path: string) => rest.read(HOST, `/v1${path}/Configuration/Webhooks`, webhook, deadline);
  const own = await read(`/Services/${service}`);
  return own.is === 'done' && own.value.pre_webhook_url + own.value.post_webhook_url === '' ? read('') : own;
}

/** Where the events should go, in words: an address may be nobody's business. */
function wanted(env: Env): string {
  if (deskTelling(env.DESK ?? '') !== flexTelling) return 'that of a desk-events that is deployed without DESK';
  const hasOwn = /"desk-events"/.test(env.FUNCTION_URLS ?? '');
  return hasOwn ? 'what FUNCTION_URLS says of desk-events' : '{PUBLIC_BASE_URL}/desk-events';
}

function addressFault(called: string, env: Env): string | undefined {
  const todo = [
    `set the post-event URL of the service (Console > Conversations > Services > Webhooks) to ${wanted(env)}`,
    'until then a web chat ends after PAUSE_MINUTES while people write in it',
  ].join('; ');
  if (called === '') return `nobody is called: ${todo}`;
  const faults: string[] = [];
  const { urls } = publicUrls.read(env, faults) ?? {};
  const ours = faults.length === 0 ? urls?.of('desk-events') : undefined;
  if (deskTelling(env.DESK ?? '') !== flexTelling)
    return called === ours ? `with this DESK ours hears nothing of Twilio: ${todo}` : undefined;
  const isOurs = ours === undefined ? /\/desk-events$/.test(called) : called === ours;
  return isOurs ? undefined : `another address is called: ${todo}`;
}

function faultsOf(answer: TwilioAnswer<Webhook>, env: Env): readonly string[] {
  if (answer.is === 'refused')
    return [
      answer.status === 404
        ? 'the account has no service FLEX_CONVERSATIONS_SERVICE_SID'
        : `Twilio refuses to tell (${answer.status}): look at TWILIO_API_KEY and TWILIO_API_SECRET`,
    ];
  if (answer.is !== 'done') return ['Twilio cannot be asked'];
  const { post_webhook_url: url, filters, method } = answer.value;
  const wrong = addressFault(url.replace(/#.*$/, ''), env);
  if (wrong !== undefined) return [wrong];
  const untold = HEARD.filter((event) => !filters.includes(event));
  return [
    ...(untold.length > 0 ? [`it is not told of ${untold.join(', ')}: choose these events as well`] : []),
    ...(method === 'POST' ? [] : ['it is called by GET: set its method to POST']),
  ];
}

/** Whether what is said in web chats is told to us; undefined where none are set up. */
export async function checkChatWebhook(env: Env): Promise<Check | undefined> {
  const malformed: string[] = [];
  const { webChats } = webChatReach.read(env, malformed);
  if (webChats === undefined || malformed.length > 0) return undefined;
  const deadline = startDeadline(systemClock, ASK_MS);
  try {
    const rest = twilioRest(webChats, sendHttp);
    const answer = await webhookOf(rest, webChats.FLEX_CONVERSATIONS_SERVICE_SID, deadline);
    return { what: 'the webhook of web chats', faults: faultsOf(answer, env) };
  } finally {
    deadline.close();
  }
}

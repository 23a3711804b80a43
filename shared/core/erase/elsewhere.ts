import { botAndUserOf } from '../handover/conversation.ts';
import type { Traces } from './erasures.ts';

/** What a partner holds of a customer, which only the partner can erase. */
export interface Elsewhere {
  readonly holder: string;
  readonly what: string;
  /** What to do there. */
  readonly how: string;
  /** By which it is found there; none where it is found by the customer's own name. */
  readonly ids: readonly string[];
}

const twilio = (what: string, how: string, ids: readonly string[]): readonly Elsewhere[] =>
  ids.length > 0 ? [{ holder: 'Twilio', what, how, ids }] : [];

/** Sources: Twilio's pages on deleting Calls, Recordings and Conversations, read 2026-11-21. */
function atTwilio({ tickets, callSids, recordingSids }: Traces): readonly Elsewhere[] {
  const sids = tickets.flatMap((ticket) => ticket.split(':')).filter((part) => /^(CH|KD)[0-9a-f]{32}$/i.test(part));
  const conversations = sids.filter((sid) => sid.startsWith('CH'));
  const interactions = sids.filter((sid) => sid.startsWith('KD'));
  return [
    ...twilio(
      'conversations with the agent, messages and files',
      'DELETE https://conversations.twilio.com/v1/Conversations/{id}',
      conversations,
    ),
    ...twilio(
      'tasks whose attributes name the customer',
      'find the task of the interaction in TaskRouter and DELETE it when it is completed; Flex Insights by a request to Twilio',
      interactions,
    ),
    ...twilio(
      'call records, with the number',
      'DELETE https://api.twilio.com/2010-04-01/Accounts/{account}/Calls/{id}.json',
      callSids,
    ),
    ...twilio(
      'recordings and their transcriptions',
      'DELETE https://api.twilio.com/2010-04-01/Accounts/{account}/Recordings/{id}.json',
      recordingSids,
    ),
  ];
}

const atWatson = (id: string): Elsewhere => ({
  holder: 'Watson Assistant',
  what: 'messages and logs',
  how: 'DELETE {WATSON_URL}/v2/user_data?customer_id={id}&version=2024-08-25; it finds what was sent with the header X-Watson-Metadata: customer_id={id}',
  ids: [id],
});

/** A bot that the customer has talked to by phone. */
function atVoiceBot(bot: string, id: string): Elsewhere {
  if (bot === 'watson') return atWatson(id);
  if (bot === 'helpdesk')
    return {
      holder: 'ServiceNow',
      what: 'incidents that were opened in the call, with what was said in them',
      how: 'by the numbers that the caller was told; their correlation_display is Voice helpdesk: DELETE /api/now/table/incident/{sys_id}',
      ids: [],
    };
  return {
    holder: bot === 'rasa' ? 'Rasa' : `Rasa at ${bot.replace(/^rasa-host /, '')}`,
    what: 'what was said in the call',
    how: 'delete the events of this sender_id from its tracker store',
    ids: [id],
  };
}

/**
 * Sources: cloud.ibm.com/docs/watson-assistant, admin-securing (labelling by `X-Watson-Metadata`), and Botcopy's documentation,
 * read 2026-11-21.
 */
function atBot(bot: string, conversationId: string): readonly Elsewhere[] {
  const user = botAndUserOf(conversationId)?.userId;
  switch (bot) {
    case 'botcopy':
      return [
        {
          holder: 'Botcopy and Dialogflow',
          what: "the user's conversations with the bot",
          how: 'ask Botcopy to erase the user; delete the sessions in Dialogflow, or wait for the retention set there',
          ids: user === undefined ? [] : [user],
        },
      ];
    case 'watson':
      return [atWatson(conversationId)];
    case 'plain':
      return [
        {
          holder: 'your bot',
          what: 'what it keeps of the conversation, and what BOT_PUSH_URL was sent',
          how: 'by its own means, by the id of the conversation',
          ids: [conversationId],
        },
      ];
    default:
      return [];
  }
}

/** Sources: developer.genesys.cloud (GDPR API) and ServiceNow's Table API, read 2026-11-21. */
function atDesk(desk: string | undefined, { handoverIds, tickets }: Traces): readonly Elsewhere[] {
  if (handoverIds.length === 0) return [];
  const held = { what: 'the handovers, with what was said and the agents’ notes', ids: tickets };
  switch (desk) {
    case 'genesys':
      return [
        { holder: 'Genesys', ...held, how: 'POST /api/v2/gdpr/requests with requestType GDPR_DELETE for the customer' },
      ];
    case 'servicenow':
      return [
        {
          holder: 'ServiceNow',
          ...held,
          how: 'delete the interactions, and the incidents whose correlation_id is the handover: DELETE /api/now/table/incident/{sys_id}',
          ids: [...new Set([...tickets, ...handoverIds])],
        },
      ];
    case 'webhook':
      return [
        {
          holder: 'the desk at DESK_WEBHOOK_URL',
          ...held,
          how: 'by its own means, by ticket or handoverId',
          ids: [...new Set([...tickets, ...handoverIds])],
        },
      ];
    default:
      return [];
  }
}

/** What others hold of a conversation, and how it is erased there. What is never ours to erase is always named. */
export function elsewhere(conversationId: string, traces: Traces, desk: string | undefined): readonly Elsewhere[] {
  return [
    ...traces.bots.flatMap((bot) => atBot(bot, conversationId)),
    ...traces.talks.flatMap(({ bots, id }) => bots.map((bot) => atVoiceBot(bot, id))),
    ...atDesk(desk, traces),
    ...atTwilio(traces),
    {
      holder: 'AWS',
      what: 'backups and streams of the table, if you have switched them on',
      how: 'delete the backups, or let them expire',
      ids: [],
    },
  ];
}

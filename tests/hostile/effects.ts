import type { StageEvent } from '../../stage/events.ts';

/** What a call did to the world. */
export interface Effects {
  /** POSTs to Twilio's REST API. */
  readonly twilioWrites: number;
  /** Writes to the table, those refused by their condition too. */
  readonly dbWrites: number;
  /** Deliveries to the other side: the bot's platform from handover-push and desk-events, the desk from everything else. */
  readonly deskWrites: number;
  /** Requests to anybody but the table. */
  readonly outboundHttp: number;
}

const WRITE = /\.(Put|Update|Delete|BatchWrite|TransactWrite)Items?$/;

export function effectsOf(functionName: string, events: readonly StageEvent[]): Effects {
  const out = events.filter(({ direction }) => direction === 'out');
  const count = (belongs: (event: StageEvent) => boolean) => out.filter(belongs).length;
  const otherSide = ['handover-push', 'desk-events'].includes(functionName) ? ['botcopy', 'bot', 'watson'] : ['desk'];
  return {
    twilioWrites: count(({ vendor, method }) => vendor === 'twilio' && method === 'POST'),
    dbWrites: count(({ vendor, headers }) => vendor === 'dynamodb' && WRITE.test(headers['x-amz-target'] ?? '')),
    deskWrites: count(({ vendor }) => otherSide.includes(vendor)),
    outboundHttp: count(({ vendor }) => vendor !== 'dynamodb'),
  };
}

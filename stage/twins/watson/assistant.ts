import { randomUUID } from 'node:crypto';
import type { Faults } from '../../faults.ts';
import type { Party, PickUp, Turn } from '../twilio/voice/party.ts';

/** How the assistant on the phone behaves. */
export interface AssistantScript {
  readonly answers?: 'human' | 'busy' | 'no-answer' | 'failed' | undefined;
  /** What it does when the caller wants a person: REFER, hang up, or nothing. Default `refer`. */
  readonly ends?: 'refer' | 'bye' | 'stay' | undefined;
  /** The header that carries the session history key. Default `User-to-User`, as Watson's own. */
  readonly header?: 'User-to-User' | 'X-Watson-Assistant-Session-History-Key' | 'none' | undefined;
  /** Of `User-to-User`. Default `ascii`. */
  readonly encoding?: 'ascii' | 'hex' | 'plain' | undefined;
  /** The whole `Refer-To`, for what no assistant would send. */
  readonly referTo?: string | undefined;
}

/** A call that the assistant has answered. */
export interface AssistantCall {
  /** The SIP URI that was dialled. */
  readonly uri: string;
  /** The SIP headers that came with it, names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** What opens the history of this conversation. */
  readonly sessionHistoryKey: string;
  referTo: string | undefined;
}

const uuid32 = () => randomUUID().replaceAll('-', '');

const newKey = () => `dev::latest::893499::${randomUUID()}::${randomUUID()}::${randomUUID()}::${uuid32()}`;

/** The headers in a SIP URI: `sip:user@host;params?X-Name=value`. */
function headersIn(uri: string): Readonly<Record<string, string>> {
  const query = uri.includes('?') ? uri.slice(uri.indexOf('?') + 1) : '';
  return Object.fromEntries([...new URLSearchParams(query)].map(([name, value]) => [name.toLowerCase(), value]));
}

/** The `Refer-To` that hands a call to Flex. Source: IBM's page on phone actions, read 2026-11-21. */
function referTarget(key: string, { header = 'User-to-User', encoding = 'ascii' }: AssistantScript): string {
  if (header === 'none') return '<sip:queue@flex.twilio.com>';
  const inHex = header === 'User-to-User' && encoding === 'hex';
  const value = inHex ? Buffer.from(key).toString('hex') : key;
  const suffix = header !== 'User-to-User' || encoding === 'plain' ? '' : `;encoding=${encoding}`;
  return `<sip:queue@flex.twilio.com?${header}=${encodeURIComponent(value + suffix)}>`;
}

const wantsPerson = (text: string) => /\b(person|human|agent|colleague|somebody)\b/i.test(text);
const saysGoodbye = (text: string) => /\b(bye|goodbye|that is all)\b/i.test(text);

/** The assistant behind a SIP URI, as its phone integration sounds. `answered` is told of the call when it begins. */
export function assistantParty(
  uri: string,
  script: AssistantScript,
  faults: Faults,
  answered: (call: AssistantCall) => void,
): Party {
  let greeted = false;
  const call: AssistantCall = { uri, headers: headersIn(uri), sessionHistoryKey: newKey(), referTo: undefined };

  function handOver(): Turn {
    if (script.ends === 'bye') return { says: 'Nobody can be reached from here. Goodbye.', next: 'hang-up' };
    if (script.ends === 'stay') return { says: 'I am all there is.', next: 'listen' };
    call.referTo = script.referTo ?? referTarget(call.sessionHistoryKey, script);
    return { says: 'One moment, I will connect you with a person.', next: { referTo: call.referTo } };
  }

  return {
    name: 'assistant',
    async pickUp(): Promise<PickUp> {
      const mode = faults.take('watson');
      if (mode === 'hang') return { is: 'no-answer' };
      if (mode === '429') return { is: 'busy' };
      if (mode !== 'ok') return { is: 'failed' };
      const { answers = 'human' } = script;
      if (answers !== 'human') return { is: answers };
      answered(call);
      return { is: 'answered', by: 'human' };
    },
    enter: async () => ({ is: 'nothing' }),
    async turn(heard) {
      if (call.referTo !== undefined) {
        call.referTo = undefined;
        return { says: 'The transfer did not work. I am still here.', next: 'listen' };
      }
      if (!greeted) {
        greeted = true;
        return { says: 'Hello, this is the assistant. How can I help?', next: 'listen' };
      }
      if (heard === undefined) return { next: 'listen' };
      if (wantsPerson(heard)) return handOver();
      if (saysGoodbye(heard)) return { says: 'Goodbye.', next: 'hang-up' };
      return { says: 'I have noted that. Is there anything else?', next: 'listen' };
    },
    wakes: () => new Promise(() => {}),
    hangsUpAt: () => false,
  };
}

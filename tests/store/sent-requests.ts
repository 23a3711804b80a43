import type { Connection } from '../../shared/store/client.ts';

/** What a command asked and what it cost. */
export interface SentRequest {
  readonly command: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly capacityUnits: number;
}

interface Answer {
  readonly ConsumedCapacity?: { readonly CapacityUnits?: number };
}

/** Notes every command that goes out from now on. */
export function noteRequests({ client }: Connection): { take(): readonly SentRequest[] } {
  let sent: SentRequest[] = [];
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const input = { ...args.input };
      const answer = await next({ ...args, input: { ...input, ReturnConsumedCapacity: 'TOTAL' } });
      const { ConsumedCapacity } = answer.output as Answer;
      sent.push({
        command: String(context.commandName).replace('Command', ''),
        input,
        capacityUnits: ConsumedCapacity?.CapacityUnits ?? 0,
      });
      return answer;
    },
    { step: 'initialize' },
  );
  return {
    take() {
      const taken = sent;
      sent = [];
      return taken;
    },
  };
}

/** Requests as text: one line for each of their members; what is random or binary is named, not shown. */
export function requestText(requests: readonly SentRequest[]): string {
  const lines: string[] = [];
  for (const { command, input } of requests) {
    lines.push(command);
    for (const [name, value] of Object.entries(input)) {
      if (name === 'TableName') continue;
      lines.push(`  ${name} ${JSON.stringify(value, (key, member) => (key === 'B' ? '(bytes)' : member))}`);
    }
  }
  const text = `\n${lines.join('\n')}\n`.replaceAll(/("digest":\{"S":)"[^"]+"/g, '$1"(digest)"');
  const random = [...text.matchAll(/(?:writeId":\{"S":"|"\d{13} )([\w-]{16})"/g)].map(([, writeId]) => writeId ?? '');
  return random.reduce((shown, writeId) => shown.replaceAll(writeId, '(random)'), text);
}

import { describe, expect, test } from 'vitest';
import { handoffBotSettings, knownBots } from '../../../shared/core/voice-bot/handoff-bots.ts';
import type { VoiceBot, VoiceBots } from '../../../shared/core/voice-bot/voice-bot.ts';

function read(HANDOFF_BOTS: unknown) {
  const faults: string[] = [];
  const text = typeof HANDOFF_BOTS === 'string' ? HANDOFF_BOTS : JSON.stringify(HANDOFF_BOTS);
  return { faults, bots: handoffBotSettings.read({ HANDOFF_BOTS: text }, faults).HANDOFF_BOTS };
}

const orders = { title: 'the order bot', url: 'https://orders.example.com' };

describe('HANDOFF_BOTS', () => {
  test('names the other bots', () => {
    const travel = { title: 'Travel', url: 'http://127.0.0.1:5005/rasa/', authorization: 'Basic abc' };
    expect(read({ orders, travel })).toEqual({
      faults: [],
      bots: [
        { name: 'orders', ...orders, authorization: undefined },
        { name: 'travel', ...travel, url: 'http://127.0.0.1:5005/rasa' },
      ],
    });
    expect(read('')).toEqual({ faults: [], bots: [] });
  });

  test.for([
    '{',
    [],
    { orders: { ...orders, url: 'http://orders.example.com' } },
    { orders: { ...orders, url: 'https://user:pass@orders.example.com' } },
    { orders: { ...orders, url: 'https://orders.example.com/?a=b' } },
    { orders: { ...orders, url: 'orders' } },
    { orders: { ...orders, title: ' ' } },
    { orders: { ...orders, titel: 'x' } },
    { 'or ders': orders },
    Object.fromEntries(Array.from({ length: 9 }, (_, n) => [`bot-${n}`, orders])),
  ])('%j is malformed', (given) => {
    expect(read(given).faults).toEqual([expect.stringMatching(/^HANDOFF_BOTS is malformed/)]);
  });
});

describe('the bots of a call', () => {
  const others = read({ orders }).bots;
  const known = knownBots({ is: 'rasa', url: 'https://rasa.example.com/' }, others);

  test('are known by their addresses, however those are written', () => {
    for (const url of ['https://rasa.example.com', 'https://RASA.example.com:443/'])
      expect(known.at(url)).toEqual({ is: 'rasa' });
    expect(known.at('https://orders.example.com/')).toEqual({ is: 'rasa-host', url: orders.url });
    expect(known.addressOf({ is: 'rasa' })).toBe('https://rasa.example.com');
    expect(known.addressOf({ is: 'rasa-host', url: orders.url })).toBe(orders.url);
  });

  test('are opened by what is known of them, not by an address', async () => {
    const bot: VoiceBot = { turn: async () => ({ state: undefined, says: [], next: 'listen' }) };
    const bots: VoiceBots = { of: (ref) => (ref.is === 'rasa' ? bot : undefined), addressOf: known.addressOf };
    const ref = known.at('https://rasa.example.com');
    expect(ref && bots.of(ref)).toBe(bot);
  });

  test.for([
    'https://evil.example.com',
    'http://orders.example.com',
    'https://orders.example.com:8443',
    'https://orders.example.com/elsewhere',
    'https://orders.example.com@evil.example.com',
    'https://orders.example.com/?to=evil',
    'https://user@orders.example.com',
    'https://orders.example.com.evil.example.com',
    'http://169.254.169.254/latest/meta-data',
    'file:///etc/passwd',
    '//orders.example.com',
    '',
  ])('are no others: %s', (url) => {
    expect(known.at(url)).toBeUndefined();
  });
});

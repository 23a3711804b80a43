import { describe, expect, test } from 'vitest';
import { isPrivateHost } from '../../shared/core/private-host.ts';
import { publicUrls } from '../../shared/core/public-urls.ts';

function read(env: Record<string, string>) {
  const faults: string[] = [];
  const { urls } = publicUrls.read(env, faults) ?? {};
  return { faults, of: (name: string) => (faults.length > 0 ? undefined : urls?.of(name)) };
}

describe('the URL of a function', () => {
  test.for([
    ['https://handover.example.com', 'https://handover.example.com/receive-call'],
    ['https://handover.example.com/', 'https://handover.example.com/receive-call'],
    ['https://handover.example.com/voice//', 'https://handover.example.com/voice/receive-call'],
    ['https://handover.example.com:8443/a/b', 'https://handover.example.com:8443/a/b/receive-call'],
    ['https://handover.example.com#rc=2&rp=all', 'https://handover.example.com/receive-call'],
    ['https://Handover.Example.com/V1', 'https://Handover.Example.com/V1/receive-call'],
    ['https://203.0.113.7', 'https://203.0.113.7/receive-call'],
  ] as const)('below %s is %s', ([base, url]) => {
    expect(read({ PUBLIC_BASE_URL: base }).of('receive-call')).toBe(url);
  });

  test('may be one of its own, kept to the letter', () => {
    const own = {
      'receive-call': 'https://abc.lambda-url.us-east-1.on.aws/',
      'pause-check': 'https://pause.example.com',
      'call-events': 'https://events.example.com/hooks/call-events/#rc=2',
    };
    const { of, faults } = read({
      PUBLIC_BASE_URL: 'https://handover.example.com',
      FUNCTION_URLS: JSON.stringify(own),
    });
    expect(faults).toEqual([]);
    expect(of('receive-call')).toBe('https://abc.lambda-url.us-east-1.on.aws/');
    expect(of('pause-check')).toBe('https://pause.example.com/');
    expect(of('call-events')).toBe('https://events.example.com/hooks/call-events/');
    expect(of('refer-handler')).toBe('https://handover.example.com/refer-handler');
    expect(of('constructor')).toBe('https://handover.example.com/constructor');
  });

  const unreachable = [
    'http://handover.example.com',
    'http://127.0.0.1:3000',
    'https://127.0.0.1',
    'https://127.1',
    'https://0x7f.0.0.1',
    'https://2130706433',
    'https://0.0.0.0',
    'https://10.1.2.3',
    'https://172.16.0.1',
    'https://192.168.1.1',
    'https://169.254.169.254',
    'https://100.64.0.1',
    'https://224.0.0.1',
    'https://localhost',
    'https://localhost.',
    'https://LOCALHOST:443',
    'https://app.localhost',
    'https://printer.local',
    'https://metadata.google.internal',
    'https://intranet',
    'https://[::1]',
    'https://[::ffff:127.0.0.1]',
    'https://[fd00::1]',
  ];

  test.for(unreachable)('%s cannot be reached from outside', (url) => {
    expect(read({ PUBLIC_BASE_URL: url }).faults).toHaveLength(1);
    const own = {
      PUBLIC_BASE_URL: 'https://handover.example.com',
      FUNCTION_URLS: JSON.stringify({ 'receive-call': url }),
    };
    expect(read(own).faults).toHaveLength(1);
    expect(read({ PUBLIC_BASE_URL: url, STAGE: 'production' }).faults).toHaveLength(1);
    expect(read({ PUBLIC_BASE_URL: url, STAGE: 'local' }).faults).toEqual([]);
  });

  test.for([
    'handover.example.com',
    '//handover.example.com',
    'ftp://handover.example.com',
    'javascript:alert(1)',
    'https:handover.example.com',
    'https:\\\\handover.example.com',
    'HTTPS://handover.example.com',
    ' https://handover.example.com',
    'https://handover.example.com ',
    'https://handover .example.com',
    'https://handover.example.com/?x=1',
    'https://handover.example.com?',
    'https://user:pass@handover.example.com',
    'https://user@handover.example.com',
    'https://@handover.example.com',
    'https://',
    'https://[',
    'https://handover.example.com:99999',
    'https://handover.example.com/a b',
    'https://handover.example.com\\evil',
  ])('%j is none, not even on a laptop', (url) => {
    expect(read({ PUBLIC_BASE_URL: url, STAGE: 'local' }).faults).toHaveLength(1);
  });
});

test.for([
  ['shop.example.com', false],
  ['example.internal.com', false],
  ['mylocal', true],
  ['10.example.com', false],
  ['8.8.8.8', false],
  ['172.32.0.1', false],
  ['172.15.0.1', false],
  ['100.128.0.1', false],
  ['192.169.0.1', false],
  ['198.18.0.1', true],
  ['255.255.255.255', true],
  ['home.arpa', true],
] as const)('%s is private: %s', ([host, isPrivate]) => {
  expect(isPrivateHost(host)).toBe(isPrivate);
});

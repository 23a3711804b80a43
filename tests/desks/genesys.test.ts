import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { genesysSettings } from '../../shared/desks/genesys/settings.ts';
import { deskContract } from '../contracts/desk.ts';
import { type StandIn, startStandIn } from '../support/stand-in.ts';
import { cloudAt, cloudSecrets, granted, icwsAt } from './genesys-parts.ts';

describe('row 38: one desk contract for both forms of Genesys', () => {
  let login: StandIn;
  beforeAll(async () => {
    login = await startStandIn(granted);
  });
  afterAll(() => login.close());

  deskContract({
    name: 'genesys cloud',
    opens: { id: 'm-1', conversationId: 'T-1' },
    ticket: 'T-1',
    names: ({ handoverId, conversationId }) => [handoverId, conversationId],
    secrets: Object.values(cloudSecrets),
    make: (url) => cloudAt(url, login.url),
  });

  deskContract({
    name: 'genesys pureconnect',
    opens: ({ path }: { path: string }) =>
      path === '/icws/web-chat/start' ? { participantId: 'p-1', chatId: 'c-1', pollWaitSuggestion: '2000' } : undefined,
    ticket: 'c-1:p-1',
    requests: { open: 2 },
    names: ({ handoverId, conversationId }) => [handoverId, conversationId],
    toldTicket: 'c-1:p-1',
    secrets: [],
    make: (url) => icwsAt(url),
  });
});

const cloudEnv = {
  GENESYS_API_URL: 'https://api.mypurecloud.ie/',
  GENESYS_LOGIN_URL: 'https://login.mypurecloud.ie',
  GENESYS_CLIENT_ID: 'client-1',
  GENESYS_CLIENT_SECRET: cloudSecrets.clientSecret,
  GENESYS_INTEGRATION_ID: '00000000-0000-4000-8000-000000000001',
  GENESYS_WEBHOOK_SECRET: cloudSecrets.webhookSecret,
};

function read(env: Readonly<Record<string, string>>) {
  const faults: string[] = [];
  return { ...genesysSettings.read(env, faults), faults };
}

describe('its settings', () => {
  test('choose Genesys Cloud unless a PureConnect server is named', () => {
    expect(read(cloudEnv)).toMatchObject({
      genesys: { form: 'cloud', apiUrl: 'https://api.mypurecloud.ie', queueId: undefined },
      faults: [],
    });
    const icws = { form: 'icws', url: 'https://cic.example.com:8019' };
    expect(read({ GENESYS_ICWS_URL: 'https://cic.example.com:8019/' })).toEqual({ genesys: icws, faults: [] });
  });

  test('for both at once are a fault that says so', () => {
    expect(read({ ...cloudEnv, GENESYS_ICWS_URL: 'https://cic.example.com' }).faults).toEqual([
      'GENESYS_ICWS_URL and GENESYS_API_URL exclude each other: PureConnect or Genesys Cloud',
    ]);
  });

  test('that are missing are all named', () => {
    expect(read({}).faults.map((fault) => fault.split(' ')[0])).toEqual(Object.keys(cloudEnv));
  });

  test.for([
    ['GENESYS_API_URL', 'http://api.mypurecloud.ie'],
    ['GENESYS_WEBHOOK_SECRET', 'too short'],
    ['GENESYS_INTEGRATION_ID', '../../x'],
    ['GENESYS_QUEUE_ID', 'Support'],
  ] as const)('%s is malformed as %s', ([name, value]) => {
    const { faults } = read({ ...cloudEnv, [name]: value });
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(new RegExp(`^${name} is malformed`));
    expect(faults[0]).not.toContain(value);
  });
});

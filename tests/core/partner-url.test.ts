import { expect, test } from 'vitest';
import { optionalPartnerUrl, partnerUrl } from '../../shared/core/partner-url.ts';

function faultsOf(url: string | undefined): readonly string[] {
  const faults: string[] = [];
  partnerUrl('DESK_WEBHOOK_URL', { is: 'where the desk is' }).read({ DESK_WEBHOOK_URL: url }, faults);
  return faults;
}

test.for([
  'https://desk.example.com/handover',
  'https://desk.example.com:8443/handover?team=1',
  'http://127.0.0.1:3001/events',
  'http://localhost:3001/events',
  'http://10.0.0.5/events',
])('%s may be called', (url) => {
  expect(faultsOf(url)).toEqual([]);
});

test.for([
  'http://desk.example.com/handover',
  'https://user:pass@desk.example.com/',
  'https://desk.example.com/#x',
  'ftp://desk.example.com/',
  'desk.example.com',
])('%s may not, and the message does not show it', (url) => {
  expect(faultsOf(url)).toEqual([expect.stringContaining('DESK_WEBHOOK_URL is malformed')]);
  expect(faultsOf(url)[0]).not.toContain('desk.example.com');
});

test('a missing address is a fault, or has a default', () => {
  expect(faultsOf(undefined)).toEqual(['DESK_WEBHOOK_URL is missing (where the desk is)']);
  const optional = optionalPartnerUrl('BOTCOPY_PUSH_URL', 'https://api.example.com/', { is: 'x' });
  expect(optional.read({}, [])).toEqual({ BOTCOPY_PUSH_URL: 'https://api.example.com/' });
});

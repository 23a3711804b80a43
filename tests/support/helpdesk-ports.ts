import type { CodeByText } from '../../shared/core/call/code-by-text.ts';
import type { Deadline } from '../../shared/core/deadline.ts';
import type { Incident, Incidents, NewIncident, ServiceNowUser } from '../../shared/servicenow/incidents.ts';

/** A user with tickets. */
export interface OnFile extends ServiceNowUser {
  readonly tickets: readonly Incident[];
}

export const user = (email: string, more: Partial<OnFile> = {}): OnFile => ({
  sysId: email,
  email,
  name: undefined,
  phones: [],
  mobile: undefined,
  pin: undefined,
  tickets: [],
  ...more,
});

/** ServiceNow in memory. `fails` is thrown by the next calls, one after the other. */
export function memoryIncidents(users: readonly OnFile[]) {
  const opened: NewIncident[] = [];
  const fails: unknown[] = [];
  const asked: string[] = [];
  const only = (found: readonly OnFile[]) => (found.length === 1 ? found[0] : undefined);
  function ask(what: string): void {
    asked.push(what);
    const error = fails.shift();
    if (error !== undefined) throw error;
  }
  const incidents: Incidents = {
    async userByEmail(email) {
      ask('userByEmail');
      return only(users.filter((one) => one.email === email.toLowerCase()));
    },
    async userByPhone(phone) {
      ask('userByPhone');
      return only(users.filter(({ phones }) => phones.includes(phone)));
    },
    async open(incident) {
      ask('open');
      if (!opened.some(({ correlationId }) => correlationId === incident.correlationId)) opened.push(incident);
      const at = opened.findIndex(({ correlationId }) => correlationId === incident.correlationId);
      return { number: `INC001000${at + 8}` };
    },
    async newest(sysId) {
      ask('newest');
      const tickets = [...(users.find((one) => one.sysId === sysId)?.tickets ?? [])];
      tickets.sort((a, b) => (b.openedAtMs ?? 0) - (a.openedAtMs ?? 0));
      return { incidents: tickets.slice(0, 3), more: Math.max(0, tickets.length - 3) };
    },
  };
  return { incidents, opened, fails, asked };
}

/** Codes by text in memory: every phone gets `123456`. */
export function memoryCodes(outcome?: 'refused' | 'unavailable') {
  const sent: string[] = [];
  const codes: CodeByText = {
    async send(phone) {
      sent.push(phone);
      return outcome ?? 'sent';
    },
    async check(phone, code) {
      if (outcome) return outcome === 'refused' ? 'over' : outcome;
      return sent.includes(phone) && code === '123456' ? 'right' : 'wrong';
    },
  };
  return { codes, sent };
}

/** A turn that has all the time it wants, of which none passes. */
export const endlessTurn: Deadline = {
  remainingMs: () => 2_400,
  signal: new AbortController().signal,
  sleep: async () => {},
  atMost: (_, work) => work,
};

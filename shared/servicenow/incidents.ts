import type { Deadline } from '../core/deadline.ts';

/** Somebody who may open incidents. */
export interface ServiceNowUser {
  readonly sysId: string;
  readonly email: string;
  readonly name: string | undefined;
  /** E.164, as far as they can be read as such: their phone and mobile phone on file. */
  readonly phones: readonly string[];
  /** The one that gets text messages. */
  readonly mobile: string | undefined;
  /** What is in the field that `SERVICENOW_PIN_FIELD` names, where it is digits. */
  readonly pin: string | undefined;
}

export const incidentStates = ['new', 'in_progress', 'on_hold', 'resolved', 'closed', 'canceled'] as const;

export interface Incident {
  readonly number: string;
  readonly title: string;
  /** Milliseconds since the epoch; undefined where the instance said nothing readable. */
  readonly openedAtMs: number | undefined;
  /** `unknown` for a state that the instance has added. */
  readonly state: (typeof incidentStates)[number] | 'unknown';
}

export interface NewIncident {
  /** Names the wish: the same one is opened once, however often it is asked for. */
  readonly correlationId: string;
  /** Absent where nobody on file is known to have called. */
  readonly callerId: string | undefined;
  readonly title: string;
  readonly description: string;
  readonly priority: 'low' | 'medium' | 'high';
}

/** Urgency and impact of a priority: the form of an instance works it out of both, one alone leaves it where it was. */
export const importance = { low: '3', medium: '2', high: '1' } as const;

/**
 * The incidents of an instance, for callers. Everything is within the deadline; every method may be called again after any
 * failure. All throw `NotTaken` (core/handover/not-taken.ts): `refused` for a status that will not change, `unreachable` for
 * 429 and 503, `unknown` where nobody can say what was done.
 */
export interface Incidents {
  /** The one active user of an e-mail address. Undefined when there is none, or several. */
  userByEmail(email: string, deadline: Deadline): Promise<ServiceNowUser | undefined>;
  /** The one active user of a phone number in E.164, whatever way it is written there. Undefined when there is none, or several. */
  userByPhone(phone: string, deadline: Deadline): Promise<ServiceNowUser | undefined>;
  /** Opens an incident, or finds the one of this `correlationId`. Resolves to its number. */
  open(incident: NewIncident, deadline: Deadline): Promise<{ readonly number: string }>;
  /** The newest incidents of a user, at most three, newest first, and how many there are besides: of 27, at least so many. */
  newest(
    userSysId: string,
    deadline: Deadline,
  ): Promise<{ readonly incidents: readonly Incident[]; readonly more: number }>;
}

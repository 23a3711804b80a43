/** Whom a fault can be planned for. `internal` is our own code: its one mode is `throw`. */
export const faultVendors = [
  'twilio',
  'dynamodb',
  'watson',
  'botcopy',
  'bot',
  'desk',
  'servicenow',
  'genesys',
  'rasa',
  'internal',
] as const;

export type FaultVendor = (typeof faultVendors)[number];

export const faultModes = [
  'ok',
  'slow',
  'hang',
  '500',
  '503',
  '429',
  'html',
  'reset-after-send',
  'truncated-201',
  'throw',
] as const;

export type FaultMode = (typeof faultModes)[number];

/** How long somebody takes who is slow. */
export const SLOW_MS = 1_500;

/** What is to go wrong, per vendor. */
export interface Faults {
  /** One mode for every request from now on, or a list of which each request takes one; after it all is well again. */
  plan(vendor: FaultVendor, mode: FaultMode | readonly FaultMode[]): void;
  /** The mode of the request that begins now. */
  take(vendor: FaultVendor): FaultMode;
  /** What is planned for the next request of each vendor, where it is not `ok`. */
  planned(): Readonly<Partial<Record<FaultVendor, FaultMode>>>;
  reset(): void;
}

export function plannedFaults(): Faults {
  const standing = new Map<FaultVendor, FaultMode>();
  const queued = new Map<FaultVendor, FaultMode[]>();
  return {
    plan(vendor, mode) {
      standing.delete(vendor);
      queued.delete(vendor);
      // A throw is for the next handler only.
      if (mode === 'throw') queued.set(vendor, [mode]);
      else if (typeof mode === 'string') standing.set(vendor, mode);
      else queued.set(vendor, [...mode]);
    },
    take: (vendor) => queued.get(vendor)?.shift() ?? standing.get(vendor) ?? 'ok',
    planned() {
      const next = faultVendors.map((vendor) => [vendor, queued.get(vendor)?.[0] ?? standing.get(vendor) ?? 'ok']);
      return Object.fromEntries(next.filter(([, mode]) => mode !== 'ok'));
    },
    reset() {
      standing.clear();
      queued.clear();
    },
  };
}

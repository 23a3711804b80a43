interface DialFields {
  readonly DialCallStatus: string | undefined;
  readonly DialBridged: string | undefined;
}

/**
 * Whether the two legs of a finished `<Dial>` ever talked to each other. A leg that was answered and hung up before it was
 * let in counts as `completed` too; then `DialBridged` tells. Source: Twilio's page on `<Dial>`, read 2026-11-21.
 */
export function wereConnected({ DialCallStatus, DialBridged }: DialFields): boolean {
  return DialBridged === undefined ? /^(completed|answered)$/.test(DialCallStatus ?? '') : DialBridged === 'true';
}

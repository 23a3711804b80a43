/** Why something did not work: a code of `docs/problems.md`, or one of ours about the way there. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: string;
  /** Whether something may have been begun all the same. */
  readonly isOpen: boolean;
  readonly retryAfterMs: number | undefined;

  constructor(code: string, isOpen: boolean, { retryAfterMs, id }: { retryAfterMs?: number; id?: string } = {}) {
    super(id === undefined ? `handover: ${code}` : `handover: ${code} (${id})`);
    this.code = code;
    this.isOpen = isOpen;
    this.retryAfterMs = retryAfterMs;
  }
}

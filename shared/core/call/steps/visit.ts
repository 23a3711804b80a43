import type { HandoverContext } from '../../handover/context.ts';
import type { Table } from '../../table.ts';
import { isPhoneNumber } from '../phone-number.ts';
import { isInFlow } from './onward.ts';
import type { StepCall } from './step.ts';

/** A call that was given back to its flow so often without getting anywhere is not given back again. */
const MOST_RETURNS = 2;

/** A call on its way to a person, with what is known of it. */
export interface Visit {
  /** The call, out of the flow when that has led nowhere. */
  readonly call: StepCall;
  /** Undefined where nobody told anything. */
  readonly context: HandoverContext | undefined;
  /** Whether the table told what it knows, be it nothing. */
  readonly isKnown: boolean;
}

/** Looks up what is known of a call, and whether it has gone back to its flow too often. */
export async function visitOf(call: StepCall): Promise<Visit> {
  const { at, tried, note } = call;
  const { handover } = at;
  if (handover === undefined) return { call, context: undefined, isKnown: true };
  const read = await tried(async ({ contexts }) => ({ context: await contexts.read(handover) }));
  const context = read?.context;
  const isLost = isInFlow(call) && (context?.facts.returns ?? 0) >= MOST_RETURNS;
  if (isLost) note({ returns: context?.facts.returns ?? 0 });
  return {
    call: isLost ? { ...call, at: { ...at, isOutsideFlow: true } } : call,
    context,
    isKnown: read !== undefined,
  };
}

/** Notes whose call this is and that it may go back to its flow, and whatever else is to be noted with it. */
export async function noteVisit(
  { call, context, isKnown }: Visit,
  also: (table: Table, handoverId: string) => Promise<unknown> = async () => {},
): Promise<void> {
  const { at, form, nowMs, tried } = call;
  const { handover } = at;
  if (handover === undefined || at.request !== undefined) return;
  const before = context?.facts.returns ?? 0;
  const returns = isInFlow(call) ? before + 1 : before;
  const customerPhone = isPhoneNumber(form.From) ? form.From : undefined;
  const facts = { callSid: form.CallSid, customerPhone, ...(returns === 0 ? {} : { returns }) };
  await tried((table) =>
    Promise.all([
      // Without knowing how often it went back before, the count there would be made less.
      isKnown && table.contexts.tell(handover, 'call', facts, nowMs),
      also(table, handover),
    ]),
  );
}

/** Notes of a call with a person who has it, or that the two have talked. */
export async function noteTalk(
  { at, nowMs, tried }: StepCall,
  facts: { readonly agent?: string | undefined; readonly endReason?: 'talked' },
): Promise<void> {
  const { handover } = at;
  if (handover !== undefined) await tried(({ contexts }) => contexts.tell(handover, 'agents', facts, nowMs));
}

import type { AnyFunction } from '../../shared/core/function.ts';
import { openTable } from '../../shared/store/table.ts';

/** A busy machine may be slow; how long the store itself waits is tested apart. */
export const patience = { connectMs: 20_000, tryMs: 20_000, callMs: 45_000, placeMs: 30_000 };

const openPatientTable = (context: Parameters<typeof openTable>[0]) => openTable(context, patience);

/** The function with a table that it waits longer for. */
export const patient = (fn: AnyFunction): AnyFunction => ({ ...fn, ports: { ...fn.ports, table: openPatientTable } });

import type { AnyFunction, PerCall, PortContext } from '../../shared/core/function.ts';
import type { SettingsOf } from '../../shared/core/settings.ts';
import type { Table } from '../../shared/core/table.ts';
import { connect } from '../../shared/store/client.ts';
import { openItems } from '../../shared/store/items.ts';
import { engineOf, tableOf, type tableSettings } from '../../shared/store/table.ts';

/** A busy machine may be slow; how long the store itself waits is tested apart. */
export const patience = { connectMs: 20_000, tryMs: 20_000, callMs: 45_000, placeMs: 30_000 };

/** Opens the table as a function does, and waits longer for its engine. */
function openPatientTable({ settings, clock }: PortContext<SettingsOf<typeof tableSettings>>): PerCall<Table> {
  const connection = connect(engineOf(settings), patience);
  const { HANDOVER_TABLE: table, TRANSCRIPT_DAYS: transcriptDays } = settings;
  return {
    within: ({ signal }) => tableOf(openItems({ connection: connection.until(signal), table, clock, transcriptDays })),
  };
}

/** The function with a table that it waits longer for. */
export const patient = (fn: AnyFunction): AnyFunction => ({ ...fn, ports: { ...fn.ports, table: openPatientTable } });

import { type Decision, tradeOriginOf } from '@helios/shared/domain/decision.ts';
import { GateCode } from '@helios/shared/domain/signal.ts';
import type { CommandLine } from '@helios/shared/runtime/cli/command-line.mjs';
import { nearestHint } from '@helios/shared/runtime/cli/nearest-name.mjs';
import { printable } from '@helios/shared/runtime/cli/printable.ts';

import { type Cell, csvLine } from '@helios/shared/runtime/csv-line.ts';
import type { HistoryQuery } from '@helios/shared/runtime/ledger-reader.ts';

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 10_000_000;

const isoOf = (ts: number): string => (Math.abs(ts) <= 8.64e15 ? new Date(ts).toISOString() : '');

/** The query of a command line. CSV and a time range have no default limit. @throws CommandLineError */
export function readHistoryQuery(
  line: CommandLine,
  { from, to }: { readonly from: number | undefined; readonly to: number | undefined },
): HistoryQuery {
  const symbol = line.text('symbol')?.toUpperCase();
  const gate = line.text('gate')?.toUpperCase();
  if (gate !== undefined && !GateCode.options.some((code) => code === gate)) {
    throw line.problem(`“${gate}” is not a gate.${nearestHint(gate, GateCode.options)} docs/gates.md lists all gates.`);
  }
  if (from !== undefined && to !== undefined && from > to) throw line.problem('--from is later than --to.');
  const fallback = line.has('csv') || from !== undefined ? MAX_LIMIT : DEFAULT_LIMIT;
  return {
    limit: line.number('limit', { fallback, min: 1, max: MAX_LIMIT, whole: true }),
    ...(symbol === undefined ? {} : { symbol }),
    ...(gate === undefined ? {} : { gate }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
  };
}

/** Columns of `--csv`, in order. */
export const HISTORY_COLUMNS: readonly (readonly [name: string, cell: (decision: Decision) => Cell])[] = [
  ['time', (d) => isoOf(d.timestamp)],
  ['timestamp', (d) => d.timestamp],
  ['run', (d) => d.run],
  ['decision_id', (d) => d.decision_id],
  ['symbol', (d) => d.symbol],
  ['direction', (d) => d.direction],
  ['outcome', (d) => d.outcome],
  ['refused_by', (d) => d.refused_by],
  ['entry_price', (d) => d.entry_price],
  ['fill_price', (d) => d.fill_price],
  ['position_size', (d) => d.position_size],
  ['fees', (d) => d.fees],
  ['realized_pnl', (d) => d.realized_pnl],
  ['exit_reason', (d) => d.exit_reason],
  ['follow_up_net_bp', (d) => d.follow_up?.net_bp],
  ['confidence', (d) => d.confidence],
  ['nobi_value', (d) => d.nobi_value],
  ['order_flow', (d) => d.order_flow],
  ['origin', tradeOriginOf],
  ['reason', (d) => d.reason],
  ['gates', (d) => d.gates && JSON.stringify(d.gates)],
];

/** One decision as a row of `--csv`. */
export function historyRow(decision: Decision): string {
  return csvLine(HISTORY_COLUMNS.map(([, cell]) => cell(decision)));
}

/**
 * One decision for people: `time symbol direction outcome price figures reason`. A reason may come from outside, so control
 * characters appear as escapes.
 */
export function historyLine(decision: Decision): string {
  const {
    timestamp,
    symbol,
    direction,
    outcome,
    refused_by,
    fill_price,
    entry_price,
    realized_pnl,
    follow_up,
    reason,
  } = decision;
  const what = refused_by === undefined ? outcome : `${outcome} by ${refused_by}`;
  const made = realized_pnl === undefined ? '' : `  PnL ${shortText(realized_pnl)} USDT`;
  const would = follow_up === undefined ? '' : `  ${wouldHaveMade(follow_up)}`;
  const price = fill_price ?? entry_price;
  return printable(
    `${isoOf(timestamp)}  ${symbol}  ${direction.padEnd(10)}  ${what}  at ${price}${made}${would}  ${reason}`,
  );
}

/** Two decimals, and up to six significant digits for small amounts; `--csv` has all digits. */
const shortText = new Intl.NumberFormat('en', {
  maximumFractionDigits: 2,
  maximumSignificantDigits: 6,
  roundingPriority: 'morePrecision',
  useGrouping: false,
}).format;

function wouldHaveMade({ outcome, net_bp }: NonNullable<Decision['follow_up']>): string {
  return outcome === 'MISSED' ? 'its order would have been missed' : `would have earned ${net_bp.toFixed(1)} bp`;
}

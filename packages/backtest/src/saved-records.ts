import { Decision, FollowUp } from '@helios/shared/domain/decision.ts';
import { ClosedTrade } from '@helios/shared/domain/position.ts';
import { GateCode } from '@helios/shared/domain/signal.ts';
import { z } from 'zod';
import type { BacktestResult, ReportedDecision, ReportedRefusal } from './backtest-result.ts';
import { fromColumns, SavedColumns, toColumns } from './saved-columns.ts';

/** The records of a result, by column. */
export const SavedRecords = z.object({
  decisions: SavedColumns,
  refusals: SavedColumns,
  trades: SavedColumns,
  mids: SavedColumns,
  prices: z.record(z.string(), SavedColumns),
});

/** The parts of a result that are records. */
export type ResultRecords = Pick<BacktestResult, 'decisions' | 'refusals' | 'trades' | 'mids' | 'prices'>;

const DecisionRow = Decision.omit({
  ...{ run: true, ts_init: true, reason: true, model: true, rules: true, leg: true, denial: true },
  ...{ gates: true, follow_up: true, refused_by: true },
}).extend({ observing: z.string().optional() });
const RefusalRow = Decision.pick({
  ...{ symbol: true, direction: true, timestamp: true, nobi_value: true, entry_price: true, regime: true },
  refused_by: true,
})
  .extend(FollowUp.omit({ outcome: true }).partial().shape)
  .extend({ ended: FollowUp.shape.outcome });
const TradeRow = ClosedTrade.omit({ entry_leg: true, exit_leg: true, other_fees: true });
const MidRow = z.strictObject({ id: z.string(), mid: z.number() });
const PriceRow = z.strictObject({ ts: z.number(), price: z.number() });

/** Leaves out what no report needs and takes most of the room: texts of reasons, and gates that did not observe. */
export function packRecords({
  decisions,
  refusals,
  trades,
  mids,
  prices,
}: ResultRecords): z.infer<typeof SavedRecords> {
  const midRows = [...mids].map(([id, mid]) => ({ id, mid }));
  return {
    decisions: toColumns(decisions.map(decisionRow), DecisionRow.keyof().options),
    refusals: toColumns(refusals.map(refusalRow), RefusalRow.keyof().options),
    trades: toColumns(trades, TradeRow.keyof().options),
    mids: toColumns(midRows, MidRow.keyof().options),
    prices: Object.fromEntries(
      [...prices].map(([symbol, samples]) => [symbol, toColumns(samples, PriceRow.keyof().options)]),
    ),
  };
}

/** The records of a saved result. @throws ZodError if they are none */
export function unpackRecords(saved: z.infer<typeof SavedRecords>): ResultRecords {
  return {
    decisions: rowsOf('decisions', DecisionRow, saved.decisions).map(decisionOfRow),
    refusals: rowsOf('refusals', RefusalRow, saved.refusals).map(refusalOfRow),
    trades: rowsOf('trades', TradeRow, saved.trades),
    mids: new Map(rowsOf('mids', MidRow, saved.mids).map(({ id, mid }) => [id, mid])),
    prices: new Map(
      Object.entries(saved.prices).map(([symbol, samples]) => [symbol, rowsOf(symbol, PriceRow, samples)]),
    ),
  };
}

function rowsOf<Row extends z.ZodType>(name: string, row: Row, columns: SavedColumns): z.infer<Row>[] {
  return z.record(z.string(), z.array(row)).parse({ [name]: fromColumns(columns) })[name] ?? [];
}

/** Of the gates of a decision only those that observed count in a report. */
function decisionRow({ gates = [], follow_up, refused_by, ...rest }: ReportedDecision): z.infer<typeof DecisionRow> {
  const observing = gates.flatMap(({ gate, outcome }) => (outcome === 'OBSERVED' ? gate : []));
  return { ...rest, ...(observing.length > 0 && { observing: observing.join(' ') }) };
}

function decisionOfRow({ observing, ...rest }: z.infer<typeof DecisionRow>): ReportedDecision {
  const gates = z.array(GateCode).parse(observing?.split(' ') ?? []);
  return gates.length === 0 ? rest : { ...rest, gates: gates.map((gate) => ({ gate, outcome: 'OBSERVED' })) };
}

function refusalRow({ follow_up, ...rest }: ReportedRefusal): z.infer<typeof RefusalRow> {
  const { outcome: ended, ...figures } = follow_up ?? {};
  return { ...rest, ...figures, ...(ended && { ended }) };
}

function refusalOfRow(row: z.infer<typeof RefusalRow>): ReportedRefusal {
  const { ended, exit_price, exit_reason, exit_ts, gross_bp, net_bp, ...refusal } = row;
  if (exit_ts === undefined) return refusal;
  const figures = { exit_price, exit_ts, gross_bp, net_bp };
  const follow_up = FollowUp.parse({
    ...figures,
    ...(exit_reason && { exit_reason }),
    ...(ended && { outcome: ended }),
  });
  return { ...refusal, follow_up };
}

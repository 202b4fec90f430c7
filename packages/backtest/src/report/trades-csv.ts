import type { BacktestReport } from './backtest-report.ts';

const HEAD = [
  ...[
    'mode',
    'symbol',
    'side',
    'entry_time',
    'exit_time',
    'entry_price',
    'exit_price',
    'quantity',
    'exit_reason',
    'regime',
  ],
  ...[
    'move',
    'spread',
    'slippage',
    'fees',
    'funding',
    'net',
    'net_bp',
    'legs_without_book',
    'entry_signal_id',
    'exit_signal_id',
  ],
];

/** All trades as CSV (RFC 4180): times in UTC, money in quote currency, costs as in `TradeCosts`. */
export function tradesCsv(reports: readonly BacktestReport[]): string {
  const rows = reports.flatMap(({ mode, trades }) =>
    trades.map(({ trade, costs, netBp, regime }) => [
      ...[mode, trade.symbol, trade.side, isoTime(trade.entry_ts), isoTime(trade.exit_ts)],
      ...[trade.entry_price, trade.exit_price, trade.quantity, trade.exit_reason ?? '', regime],
      ...[costs.move, costs.spread, costs.slippage, costs.fees, costs.funding, costs.net, netBp].map(plainNumber),
      ...[costs.legsWithoutBook, trade.entry_signal_id, trade.exit_signal_id],
    ]),
  );
  return [HEAD, ...rows].map((row) => `${row.map((cell) => quoted(String(cell))).join(',')}\r\n`).join('');
}

const isoTime = (ts: number) => new Date(ts).toISOString();

/** Twelve digits: the rest is binary rounding. */
const plainNumber = (value: number) => Number(value.toPrecision(12)) + 0;

const quoted = (cell: string) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

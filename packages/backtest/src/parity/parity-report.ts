import { walletChange } from '@helios/core/journal/lot-money.ts';
import { exactNumber } from '@helios/core/price/exact-decimal.ts';
import type { DecisionRow } from './compare-decisions.ts';
import type { LegRow } from './difference.ts';
import type { Parity } from './parity.ts';

const MAX_DECISIONS_SHOWN = 20;

/** Everything of a comparison that nothing explains, one sentence each; empty if the runs agree. */
export function unexplainedIn({ decisions, legs, violations, live }: Parity): readonly string[] {
  const strange = [...decisions, ...legs].filter(({ cause }) => cause === 'UNEXPLAINED');
  return [
    ...strange.map(({ id, detail }) => `${id}: ${detail}`),
    ...violations.map(({ code, what }) => `${code}: ${what}`),
    ...(live.truth.isFlat ? [] : ['the exchange shows open positions or orders at the end']),
    // A cut history proves nothing about what is missing in it.
    ...((live.truth.ledger[0]?.seq ?? 1) > 1
      ? ['the history of the exchange lost its begin: take a shorter market']
      : []),
    ...moneyFaults(live),
  ];
}

/** The wallet must have moved by the income on our record, to the last digit. */
function moneyFaults({ flows, truth }: Parity['live']): readonly string[] {
  const income = walletChange(flows)['USDT'];
  const booked = income === undefined ? 0 : exactNumber(income);
  const moved = (Number(truth.after) - Number(truth.before)).toFixed(8);
  return booked.toFixed(8) === moved ? [] : [`the wallet moved by ${moved}, our income by ${booked.toFixed(8)}`];
}

/** The comparison as plain text. */
export function parityReport(parity: Parity): string {
  const { decisions, legs, live, paper } = parity;
  const different = legs.filter(({ cause }) => cause !== 'EQUAL');
  const strange = decisions.filter(({ cause }) => cause !== 'EQUAL');
  const faults = unexplainedIn(parity);
  return [
    `Decisions of the strategy: ${counts(decisions)}`,
    `Decisions of the live run that the paper strategy makes with the same positions: ${confirmed(parity)} of ${live.signals.length + live.refusals.length}`,
    `Legs of trades: ${counts(legs)}`,
    `Trades: ${live.trades.length} live (${reasons(live.trades)}), ${paper.trades.length} on paper (${reasons(paper.trades)})`,
    '',
    ...(legs.length === 0 ? ['No trade in both runs.'] : table(legs.map(legCells), LEG_HEADS)),
    '',
    `Cost of the live run against the paper run: ${money(sum(legs, 'cost'))} USDT, ${basisPoints(sum(legs, 'costBp'))} bp over ${different.length} differing legs`,
    `Funding: ${funding(live.trades)} USDT live, ${funding(paper.trades)} USDT on paper`,
    `Wallet of the exchange: ${live.truth.before} before, ${live.truth.after} after; our record explains it: ${moneyFaults(live).length === 0 ? 'yes' : 'no'}`,
    ...(strange.length === 0 ? [] : ['', 'Decisions that differ:', ...shownDecisions(strange)]),
    '',
    ...(faults.length === 0
      ? ['Every difference is explained.']
      : ['Not explained:', ...faults.map((one) => `  ${one}`)]),
  ].join('\n');
}

/** Live decisions that the witness made, too. */
function confirmed({ live: { signals, refusals, witnessed } }: Parity): number {
  const ids = new Set([
    ...witnessed.signals.map(({ signal_id }) => signal_id),
    ...witnessed.refusals.map(({ decision_id }) => decision_id),
  ]);
  const ours = [...signals.map(({ signal_id }) => signal_id), ...refusals.map(({ decision_id }) => decision_id)];
  return ours.filter((id) => ids.has(id)).length;
}

function counts(rows: readonly { readonly cause: string }[]): string {
  const byCause = new Map<string, number>();
  for (const { cause } of rows) byCause.set(cause, (byCause.get(cause) ?? 0) + 1);
  const parts = [...byCause].toSorted(([a], [b]) => a.localeCompare(b)).map(([cause, count]) => `${cause} ${count}`);
  return `${rows.length}${parts.length > 0 ? `: ${parts.join(', ')}` : ''}`;
}

function reasons(trades: Parity['live']['trades']): string {
  return counts(trades.map(({ exit_reason }) => ({ cause: exit_reason ?? 'no reason' }))).replace(/^\d+:? ?/, '');
}

const LEG_HEADS = ['time', 'symbol', 'leg', 'decided', 'live', 'paper', 'ms', 'bp', 'cause'];

function legCells(row: LegRow): string[] {
  const { ts, symbol, leg, decisionPrice, livePrice, paperPrice, timeMs, costBp, cause, detail } = row;
  return [
    new Date(ts).toISOString().slice(11, 23),
    symbol,
    leg,
    ...[decisionPrice, livePrice, paperPrice, timeMs].map((figure) => (figure === undefined ? '-' : String(figure))),
    costBp === undefined ? '-' : basisPoints(costBp),
    detail === '' ? cause : `${cause} (${detail})`,
  ];
}

function shownDecisions(rows: readonly DecisionRow[]): string[] {
  const shown = rows.slice(0, MAX_DECISIONS_SHOWN);
  const lines = shown.map(({ id, kind, cause, detail }) => `  ${kind} ${id}: ${cause} (${detail})`);
  return rows.length > shown.length ? [...lines, `  and ${rows.length - shown.length} more`] : lines;
}

function table(rows: readonly string[][], heads: readonly string[]): string[] {
  const all = [[...heads], ...rows];
  const widths = heads.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

function sum(legs: readonly LegRow[], field: 'cost' | 'costBp'): number {
  return legs.reduce((total, leg) => total + (leg[field] ?? 0), 0);
}

function funding(trades: Parity['live']['trades']): string {
  return money(trades.reduce((total, trade) => total + (trade.funding ?? 0), 0));
}

const money = (figure: number): string => figure.toFixed(4);
const basisPoints = (figure: number): string => figure.toFixed(2);

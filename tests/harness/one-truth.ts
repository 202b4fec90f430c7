import { Lists, Maps, Records, Streams } from '@helios/shared/contracts/catalog.ts';
import type { Decision, DecisionOutcome } from '@helios/shared/domain/decision.ts';
import { ENTRY_MAX_AGE_MS } from '@helios/shared/domain/freshness.ts';
import { isExit, sideOf, type TradingSignal } from '@helios/shared/domain/signal.ts';
import type { Bus } from '@helios/shared/runtime/bus.ts';
import { expect } from 'vitest';
import { type LedgerContent, readLedger } from './ledger-reader.ts';

const TAKER_FEE = 0.0004;
const SHOWN_DECISIONS = 500;
const SHOWN_TRADES = 10_000;
const SHOWN_EXECUTIONS = 10_000;

/**
 * Checks that ledger, list, summary, positions and trades agree, and that all of it follows from the ledger's signals,
 * each applied once, in order. For HF_MARKET with the default fees, while nothing is recorded.
 */
export async function expectOneTruth(dataDir: string, page: Bus<'dashboard-api'>): Promise<LedgerContent> {
  const ledger = readLedger(dataDir);
  const { signals, decisions, executions, trades, positions } = ledger;
  expect(new Set(decisions.map(({ decision_id }) => decision_id)).size).toBe(decisions.length);
  expect(signals.map(({ signal_id }) => signal_id)).toEqual(decisions.map(({ decision_id }) => decision_id));

  // A MARKET order fills at once, so the final answer is the only one.
  expect(executions.map(({ execution_id }) => execution_id)).toEqual(
    signals.map(({ signal_id }) => `${signal_id}#END`),
  );

  const recount = recountOf(ledger);
  expect(decisions.map(({ outcome }) => outcome)).toEqual(recount.outcomes);
  expect(trades).toHaveLength(recount.pnl.length);
  expect(Object.fromEntries(positions.map((held) => [`${held.symbol}:${held.side}`, held.entry_price]))).toEqual(
    Object.fromEntries(recount.open),
  );

  const summary = await page.getRecord(Records.simulatedPnl);
  const ours = recount.pnl.filter((_, i) => !recount.byHand[i]);
  const sumOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);
  const count = (outcome: DecisionOutcome) => recount.outcomes.filter((one) => one === outcome).length;
  expect(summary).toMatchObject({
    signals: decisions.length,
    total_trades: ours.length,
    external_trades: trades.length - ours.length,
    wins: ours.filter((pnl) => pnl > 0).length,
    replaced: count('REPLACED'),
    missed: count('MISSED'),
    orphan_exits: count('ORPHAN_EXIT'),
  });
  expect(summary?.total_pnl).toBeCloseTo(sumOf(ours), 6);
  expect(sumOf(trades.map(({ realized_pnl }) => realized_pnl))).toBeCloseTo(sumOf(recount.pnl), 6);

  expect(await page.getList(Lists.decisionLogs, 2 * SHOWN_DECISIONS)).toEqual(
    decisions.slice(-SHOWN_DECISIONS).reverse(),
  );
  const shown = Object.values(await page.getMap(Maps.openPositions));
  expect(shown.toSorted(bySymbolAndSide)).toEqual(positions);
  expect(await page.getLatest(Streams.trades, SHOWN_TRADES)).toEqual(trades.slice(-SHOWN_TRADES).reverse());
  expect(await page.getLatest(Streams.executions, SHOWN_EXECUTIONS)).toEqual(
    executions.slice(-SHOWN_EXECUTIONS).reverse(),
  );
  return ledger;
}

interface Recount {
  readonly outcomes: readonly DecisionOutcome[];
  /** Result of each trade after fees. */
  readonly pnl: readonly number[];
  /** For each of these trades: true if it was opened by hand, so no figure of the strategy counts it. */
  readonly byHand: readonly boolean[];
  /** `SYMBOL:SIDE` → entry price. */
  readonly open: ReadonlyMap<string, number>;
}

/** The books by DESIGN 5, computed a second time in another way. */
function recountOf({ signals, decisions }: LedgerContent): Recount {
  const open = new Map<string, number>();
  const sizes = new Map<string, number>();
  const openers = new Map<string, TradingSignal['origin']>();
  const pnl: number[] = [];
  const byHand: boolean[] = [];
  const outcomes = signals.map((signal, i): DecisionOutcome => {
    const side = sideOf(signal.direction);
    const key = `${signal.symbol}:${side}`;
    const before = open.get(key);
    const price = fillPriceOf(signal, decisions[i]);
    if (!isExit(signal.direction)) {
      if (wasReadTooLate(decisions[i])) return 'MISSED';
      // The copy on the channel of a signal that a killed Redis lost counts as made by hand; it never replaces the strategy's position.
      if (signal.origin === 'EXTERNAL' && before !== undefined && openers.get(key) !== 'EXTERNAL') return 'DENIED';
      open.set(key, price);
      openers.set(key, signal.origin);
      sizes.set(
        key,
        decisions[i]?.position_size ?? expect.fail(`an entry without a size: ${JSON.stringify(decisions[i])}`),
      );
      return before === undefined ? 'OPENED' : 'REPLACED';
    }
    if (before === undefined) return 'ORPHAN_EXIT';
    open.delete(key);
    const size = sizes.get(key) ?? Number.NaN;
    const gross = (side === 'LONG' ? price - before : before - price) * size;
    byHand.push(openers.get(key) === 'EXTERNAL');
    pnl.push(gross - (before + price) * size * TAKER_FEE);
    return 'CLOSED';
  });
  return { outcomes, pnl, byHand, open };
}

/** On a slow machine an entry may be read more than a minute after its creation; then it is not executed. */
function wasReadTooLate(decision: Decision | undefined): boolean {
  const lateSec = /\(too old: read (\d+) s after it was made\)$/.exec(decision?.reason ?? '')?.[1];
  return decision?.outcome === 'MISSED' && Number(lateSec) * 1_000 >= ENTRY_MAX_AGE_MS;
}

/**
 * The price of the signal, or a worse one: the decision shows the cost of the levels, because the book is not recorded.
 * A hand-made signal takes the present market, which is not recorded either.
 */
function fillPriceOf({ direction, quote, entry_price, origin }: TradingSignal, decision: Decision | undefined): number {
  const buys = direction === 'LONG' || direction === 'EXIT_SHORT';
  const filled = decision?.fill_price;
  if (filled === undefined) return entry_price;
  if (origin === 'EXTERNAL') return filled;
  const named = quote === undefined ? entry_price : buys ? quote.ask : quote.bid;
  expect(buys ? filled - named : named - filled).toBeGreaterThanOrEqual(0);
  return filled;
}

function bySymbolAndSide(a: { symbol: string; side: string }, b: { symbol: string; side: string }): number {
  return `${a.symbol} ${a.side}` < `${b.symbol} ${b.side}` ? -1 : 1;
}

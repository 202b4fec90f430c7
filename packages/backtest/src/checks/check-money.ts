import { rateOf } from '@helios/core/execution/fees.ts';
import type { MarketEvent } from '@helios/shared/domain/market-data.ts';
import type { ClosedTrade } from '@helios/shared/domain/position.ts';
import type { Liquidity } from '@helios/shared/domain/venue-event.ts';
import type { BacktestResult } from '../backtest-result.ts';
import { counted } from '../report/format.ts';
import type { CheckResult } from './check-result.ts';

/** Sums of doubles differ by less than this share of the value traded. */
const ROUNDING = 1e-9;

/** One funding of a symbol, as the last mark price before it announced it. */
interface AnnouncedFunding {
  readonly rate: number;
  readonly markPrice: number;
}

/** Every funding that the data announce, read without the code of the account. */
export class FundingLedger {
  readonly #bySymbol = new Map<string, Map<number, AnnouncedFunding>>();

  onEvent(event: MarketEvent): void {
    if (event.type !== 'mark' || event.funding_rate === undefined || event.next_funding_ts === undefined) return;
    if (event.ts_event > event.next_funding_ts) return;
    const fundings = this.#bySymbol.get(event.symbol) ?? new Map<number, AnnouncedFunding>();
    fundings.set(event.next_funding_ts, { rate: Number(event.funding_rate), markPrice: Number(event.mark_price) });
    this.#bySymbol.set(event.symbol, fundings);
  }

  /** What a position of constant size pays while it is open, quote currency; negative if it receives. */
  dueOf({ symbol, side, quantity, entry_ts, exit_ts }: ClosedTrade): number {
    let due = 0;
    for (const [ts, { rate, markPrice }] of this.#bySymbol.get(symbol) ?? []) {
      if (ts > entry_ts && ts <= exit_ts) due += (side === 'LONG' ? 1 : -1) * quantity * markPrice * rate;
    }
    return due;
  }
}

/** Computes each trade again from its prices, the fee table and the announced fundings, and compares. */
export function checkMoney(result: BacktestResult, fundings: FundingLedger): CheckResult {
  const name = 'Money';
  if (result.trades.length === 0) return { name, verdict: 'NOT_JUDGED', lines: ['No position was closed.'] };
  const whole = new Set(result.trades.filter((trade) => !isInParts(trade, result)));
  const liquidities = new Map(result.decisions.map(({ decision_id, liquidity }) => [decision_id, liquidity]));
  const faults = result.trades.flatMap((trade) =>
    faultsOf(trade, whole.has(trade) ? { rates: result.settings.fees, liquidities, fundings } : undefined),
  );
  const skipped = result.trades.length - whole.size;
  const left =
    skipped === 0
      ? ''
      : ` ${counted(skipped, 'position')} filled in parts or liquidated: only move and net are judged, from their mean prices.`;
  if (faults.length > 0) {
    const lines = [`${counted(faults.length, 'figure')} of ${counted(result.trades.length, 'trade')} is wrong.${left}`];
    return { name, verdict: 'FAILED', lines: [...lines, ...faults.slice(0, 5)] };
  }
  const funded = [...whole].filter((trade) => fundings.dueOf(trade) !== 0).length;
  const text = `Move, fees, funding and net of ${counted(whole.size, 'trade')} are right; ${counted(funded, 'trade')} paid or received funding.${left}`;
  return { name, verdict: 'PASSED', lines: [text] };
}

function isInParts(
  { exit_reason, entry_ts, exit_ts, symbol, funding_times_missed, ...ids }: ClosedTrade,
  { decisions, filledInParts = [] }: BacktestResult,
): boolean {
  if ([ids.entry_signal_id, ids.exit_signal_id].some((id) => filledInParts.includes(id))) return true;
  if (exit_reason === 'LIQUIDATION' || (funding_times_missed ?? 0) > 0) return true;
  const isBetween = (ts: number) => ts >= entry_ts && ts <= exit_ts;
  return decisions.some(
    (decision) =>
      decision.exit_reason === 'MARGIN_CRITICAL' && decision.symbol === symbol && isBetween(decision.timestamp),
  );
}

interface MoneyTerms {
  readonly rates: BacktestResult['settings']['fees'];
  readonly liquidities: ReadonlyMap<string, Liquidity | undefined>;
  readonly fundings: FundingLedger;
}

/** `terms` is undefined for a position of several parts, whose fees and fundings depend on each part. */
function faultsOf(trade: ClosedTrade, terms: MoneyTerms | undefined): string[] {
  const { side, quantity, entry_price, exit_price, gross_pnl, fees, funding = 0, realized_pnl } = trade;
  const tolerance = ROUNDING * quantity * entry_price;
  const expected: readonly (readonly [string, number, number])[] = [
    ['move', gross_pnl, (side === 'LONG' ? 1 : -1) * (exit_price - entry_price) * quantity],
    ...(terms === undefined
      ? []
      : ([
          ['fees', fees, feesOf(trade, terms)],
          ['funding', funding, terms.fundings.dueOf(trade)],
        ] as const)),
    ['net', realized_pnl, gross_pnl - fees - funding],
  ];
  return expected.flatMap(([what, is, should]) => {
    if (!(Math.abs(is - should) > tolerance)) return [];
    return [`${trade.entry_signal_id}: ${what} is ${is}, but ${should} by its prices and the announced rates.`];
  });
}

/** Fees of both legs; NaN if a leg has no decision of its own, which is not judged. */
function feesOf(trade: ClosedTrade, { rates, liquidities }: MoneyTerms): number {
  const feeOf = (id: string, price: number) => {
    const liquidity = liquidities.get(id);
    return liquidity === undefined ? Number.NaN : trade.quantity * price * rateOf(liquidity, rates);
  };
  return feeOf(trade.entry_signal_id, trade.entry_price) + feeOf(trade.exit_signal_id, trade.exit_price);
}

import type { Account } from '@helios/shared/domain/account.ts';
import type { Denial } from '@helios/shared/domain/decision.ts';
import type { Instrument } from '@helios/shared/domain/instrument.ts';
import type { ClosedTrade, OpenPosition } from '@helios/shared/domain/position.ts';
import type { RiskRuleResult } from '@helios/shared/domain/risk-rule.ts';
import type { TradingSignal } from '@helios/shared/domain/signal.ts';
import { liquidityOfType, rateOf } from '../execution/fees.ts';
import type { FillPlan } from '../execution/fill.ts';
import { addMoney } from '../price/significant-digits.ts';
import { accountOf } from '../risk/account-of.ts';
import { assessEntry, type RiskSettings } from '../risk/assess.ts';
import { isLiquidated, type MarginTier, maintenanceMargin } from '../risk/liquidation.ts';
import { type MarginReduction, nextReduction, type ReductionTerms } from '../risk/margin-reduction.ts';
import { TradeHistory } from '../risk/trade-history.ts';
import type { SimulatorParams } from './simulator-port.ts';

/** An entry for risk assessment, with data that the paper account does not have. */
export interface EntryRequest {
  readonly signal: TradingSignal;
  readonly plan: FillPlan;
  readonly positions: readonly OpenPosition[];
  /** Number of open positions and entry orders. */
  readonly openCount: number;
  readonly instrument: Instrument | undefined;
  readonly nowMs: number;
}

/** Result of the risk assessment. */
export type EntryAnswer =
  | { readonly kind: 'SIZED'; readonly quantity: number; readonly rules: readonly RiskRuleResult[] }
  | { readonly kind: 'DENIED'; readonly denial: Denial; readonly rules: readonly RiskRuleResult[] };

/** A liquidated position with its figures. */
export interface Liquidation {
  readonly position: OpenPosition;
  readonly markPrice: number;
  readonly price: number;
  /** Remaining collateral, which the venue keeps; quote currency. */
  readonly fee: number;
}

export interface PaperAccountOptions extends Pick<SimulatorParams, 'simulation' | 'fees'> {
  readonly rules: RiskSettings;
  readonly run: string;
  /** Current price for valuing positions; `undefined` without a fresh price. */
  readonly markPrice: (symbol: string, nowMs: number) => number | undefined;
}

/** The account for the risk rules of the live profile: `starting_balance` plus its trades. */
export class PaperAccount {
  readonly #options: PaperAccountOptions;
  readonly #tiers: readonly MarginTier[];
  readonly #trades: TradeHistory;
  #realizedBalance: number;

  constructor(options: PaperAccountOptions) {
    const { simulation, rules } = options;
    this.#options = options;
    this.#realizedBalance = simulation.starting_balance;
    // The venue reveals its own tiers only to an account.
    const rate = simulation.maintenance_margin_pct / 100;
    this.#tiers = [{ notionalCap: Number.POSITIVE_INFINITY, rate, amount: 0, maxLeverage: 125 }];
    this.#trades = new TradeHistory(rules);
  }

  addTrade(trade: ClosedTrade): void {
    this.#realizedBalance = addMoney(this.#realizedBalance, trade.realized_pnl);
    this.#trades.add(trade);
  }

  /** The account with these positions open. */
  of(positions: readonly OpenPosition[], nowMs: number): Account {
    const { rules, run, markPrice } = this.#options;
    return accountOf({
      run,
      nowMs,
      realizedBalance: this.#realizedBalance,
      positions,
      markOf: (symbol) => markPrice(symbol, nowMs),
      tiersOf: () => this.#tiers,
      settings: rules,
    });
  }

  /** Finds the size of an entry, or denies it. */
  assess({ signal, plan, positions, openCount, instrument, nowMs }: EntryRequest): EntryAnswer {
    const { rules, fees } = this.#options;
    const order_type = plan.kind === 'REST' ? 'LIMIT' : 'MARKET';
    const assessment = assessEntry({
      signal,
      order: { order_type, ...(plan.kind === 'REST' && { price: plan.price }) },
      price: plan.price,
      feeRate: rateOf(liquidityOfType(order_type), fees),
      nowMs,
      account: this.of(positions, nowMs),
      trades: this.#trades.relevantTo(signal.symbol, nowMs),
      openCount,
      instrument,
      tiers: this.#tiers,
      settings: rules,
    });
    if (assessment.kind === 'DENIED') return assessment;
    return { kind: 'SIZED', quantity: assessment.intent.quantity, rules: assessment.rules };
  }

  /** The next reduction for a CRITICAL margin; `undefined` if none is needed. */
  nextReduction(account: Account, stepOf: ReductionTerms['stepOf']): MarginReduction | undefined {
    const { rules, fees } = this.#options;
    const costRate = fees.taker_fee + fees.slippage_bp / 10_000;
    return nextReduction(account, { limits: rules.risk, costRate, stepOf });
  }

  /** Positions on the symbol whose mark price has reached their liquidation price. */
  liquidated(symbol: string, positions: readonly OpenPosition[], nowMs: number): Liquidation[] {
    if (!positions.some((position) => position.symbol === symbol)) return [];
    const rows = this.of(positions, nowMs).positions;
    return positions.flatMap((position, i) => {
      const row = rows[i];
      if (position.symbol !== symbol || row === undefined || !row.mark_known) return [];
      const { liquidation_price: price, mark_price: markPrice, side } = row;
      if (price === undefined || !isLiquidated(side, markPrice, price)) return [];
      return [{ position, markPrice, price, fee: maintenanceMargin(price * position.quantity, this.#tiers) }];
    });
  }
}

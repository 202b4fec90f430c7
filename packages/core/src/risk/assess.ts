import type { Account } from '@helios/shared/domain/account.ts';
import type { Denial } from '@helios/shared/domain/decision.ts';
import type { Instrument } from '@helios/shared/domain/instrument.ts';
import type { OrderIntent } from '@helios/shared/domain/order.ts';
import type { ClosedTrade } from '@helios/shared/domain/position.ts';
import type { RiskRuleResult } from '@helios/shared/domain/risk-rule.ts';
import type { Settings } from '@helios/shared/domain/settings.ts';
import { type Side, sideOf, type TradingSignal } from '@helios/shared/domain/signal.ts';
import { actionOf } from '../execution/fill.ts';
import { signOf } from '../strategy/side-sign.ts';
import { kellyOf } from './kelly.ts';
import { liquidationPrice, type MarginTier } from './liquidation.ts';
import { freeMarginLevel, maintenanceLevel } from './margin-ladder.ts';
import {
  cooldownAfterExit,
  dailyLoss,
  exposureRule,
  lossStreak,
  lowProfitSymbol,
  maxDrawdown,
  maxOpenPositions,
  stopLossGuard,
} from './protections.ts';
import { sizeByRisk } from './size-by-risk.ts';

/** Settings used by risk. */
export type RiskSettings = Pick<Settings, 'risk' | 'protections' | 'trading'>;

/** An entry with all inputs of its risk assessment. */
export interface AssessRequest {
  readonly signal: TradingSignal;
  /** The order that execution would send; it has no size yet. */
  readonly order: Pick<OrderIntent, 'order_type' | 'price' | 'expires_ts'>;
  /** Expected fill price. */
  readonly price: number;
  /** Fee of the entry, fraction of its value. */
  readonly feeRate: number;
  readonly nowMs: number;
  readonly account: Account;
  /** Closed trades of the account, in any order. */
  readonly trades: readonly ClosedTrade[];
  /** The operator released all locks then: the protections ignore earlier trades. Undefined: never. */
  readonly releasedTs?: number | undefined;
  /** Open value on the entry's side in coins that move with its own, itself included; undefined: not judged. */
  readonly clusterNotional?: number | undefined;
  /** Number of open positions and entry orders. */
  readonly openCount: number;
  readonly instrument: Instrument | undefined;
  readonly tiers: readonly MarginTier[];
  readonly settings: RiskSettings;
}

/** An order with its size, or the denial; both with the result of every rule. */
export type Assessment =
  | { readonly kind: 'INTENT'; readonly intent: OrderIntent; readonly rules: readonly RiskRuleResult[] }
  | { readonly kind: 'DENIED'; readonly denial: Denial; readonly rules: readonly RiskRuleResult[] };

/**
 * Judges an entry under RISK_BASED sizing. It evaluates every rule, even after one has denied; the first denial counts. Then it
 * finds the size, and checks that the stop lies before the liquidation price.
 */
export function assessEntry(request: AssessRequest): Assessment {
  const rules = accountRules(request);
  const denied = rules.find(({ outcome }) => outcome === 'DENIED');
  if (denied) return { kind: 'DENIED', denial: denialOf(denied), rules };
  const size = sizeOf(request);
  if (size.kind === 'DENIED') return { kind: 'DENIED', denial: size.denial, rules };
  const liquidation = stopBeyondLiquidation(request, size.quantity);
  const all = [...rules, liquidation];
  if (liquidation.outcome === 'DENIED') return { kind: 'DENIED', denial: denialOf(liquidation), rules: all };
  return { kind: 'INTENT', intent: intentOf(request, size.quantity), rules: all };
}

/** Rules that need no size. */
function accountRules(request: AssessRequest): RiskRuleResult[] {
  const { signal, nowMs, account, trades, openCount, settings } = request;
  const { releasedTs = Number.NEGATIVE_INFINITY } = request;
  const counted = trades.filter(({ exit_ts }) => exit_ts > releasedTs);
  const record = { symbol: signal.symbol, nowMs, trades: counted, walletBalance: account.wallet_balance };
  const { protections, trading, risk } = settings;
  const [symbolOpen, totalOpen] = [openNotional(account, signal.symbol), openNotional(account)];
  return [
    ...marginRules(account, risk),
    cooldownAfterExit(record, protections),
    stopLossGuard(record, protections),
    maxDrawdown(record, protections),
    dailyLoss(record, protections),
    lowProfitSymbol(record, protections),
    lossStreak(record, protections),
    maxOpenPositions(openCount, trading),
    exposureRule('SYMBOL_EXPOSURE', symbolOpen, account.margin_balance, risk.max_symbol_exposure_pct),
    exposureRule('TOTAL_EXPOSURE', totalOpen, account.margin_balance, risk.max_total_exposure_pct),
    clusterExposure(request),
    // Every position needs a stop.
    { rule: 'STOP_MISSING', outcome: signal.stop_loss === undefined ? 'DENIED' : 'PASSED', value: 0, limit: 0 },
  ];
}

function clusterExposure({ clusterNotional, account, settings }: AssessRequest): RiskRuleResult {
  const { max_cluster_exposure_pct: limitPct } = settings.risk;
  if (clusterNotional === undefined) return { rule: 'CLUSTER_EXPOSURE', outcome: 'OFF' };
  return exposureRule('CLUSTER_EXPOSURE', clusterNotional, account.margin_balance, limitPct);
}

/** The two margin rules. Positions without a mark price make both figures unknown; entries are then denied. */
function marginRules(account: Account, risk: Settings['risk']): RiskRuleResult[] {
  const unknown = account.positions.filter(({ mark_known }) => !mark_known).length;
  const { free_margin_pct: free, maintenance_ratio_pct: ratio } = account;
  const isUnknown = unknown > 0 || free === undefined || ratio === undefined;
  const first: RiskRuleResult = {
    rule: 'MARGIN_UNKNOWN',
    outcome: isUnknown ? 'DENIED' : 'PASSED',
    value: unknown,
    limit: 0,
  };
  if (isUnknown) return [first, { rule: 'FREE_MARGIN', outcome: 'OFF' }, { rule: 'MAINTENANCE_RATIO', outcome: 'OFF' }];
  const outcome = (level: string) => (level === 'OK' ? 'PASSED' : 'DENIED');
  return [
    first,
    {
      rule: 'FREE_MARGIN',
      outcome: outcome(freeMarginLevel(free, risk)),
      value: free,
      limit: risk.warning_margin_ratio,
    },
    {
      rule: 'MAINTENANCE_RATIO',
      outcome: outcome(maintenanceLevel(ratio, risk)),
      value: ratio,
      limit: risk.warning_maintenance_ratio,
    },
  ];
}

function sizeOf(request: AssessRequest) {
  const { signal, order, price, feeRate, account, trades, instrument, tiers, settings, clusterNotional } = request;
  const { risk, trading } = settings;
  const own = trades.filter(({ origin }) => origin !== 'EXTERNAL');
  const roomOf = (pct: number, open: number) => (pct * account.margin_balance) / 100 - open;
  const sizeRequest = {
    kelly: kellyOf(own, risk).fraction,
    kellyFraction: risk.kelly_fraction,
    leverage: trading.leverage,
    availableBalance: account.available_balance,
    feeRate,
    symbolRoom: roomOf(risk.max_symbol_exposure_pct, openNotional(account, signal.symbol)),
    totalRoom: Math.min(
      roomOf(risk.max_total_exposure_pct, openNotional(account)),
      clusterNotional === undefined ? Number.POSITIVE_INFINITY : roomOf(risk.max_cluster_exposure_pct, clusterNotional),
    ),
    price,
    orderType: order.order_type,
  };
  return sizeByRisk(sizeRequest, instrument, tiers);
}

/** Distance from the stop to the estimated liquidation price, percent of the entry price; the limit is the minimum distance. */
function stopBeyondLiquidation(request: AssessRequest, quantity: number): RiskRuleResult {
  const { signal, price, account, tiers, settings } = request;
  const rule = 'STOP_BEYOND_LIQUIDATION';
  const side = sideOf(signal.direction);
  const collateral = collateralOfEntry(request, quantity);
  const liquidation = liquidationPrice({ side, quantity, entryPrice: price, collateral }, tiers);
  if (liquidation === undefined || signal.stop_loss === undefined) return { rule, outcome: 'OFF' };
  const value = distancePct(side, signal.stop_loss, liquidation, price);
  const limit = settings.risk.liquidation_buffer_pct;
  return { rule, outcome: account.margin_balance > 0 && value >= limit ? 'PASSED' : 'DENIED', value, limit };
}

function collateralOfEntry({ account, price, settings }: AssessRequest, quantity: number): number {
  if (settings.risk.margin_mode === 'isolated') return (quantity * price) / settings.trading.leverage;
  return account.margin_balance - account.maintenance_margin;
}

function distancePct(side: Side, stop: number, liquidation: number, price: number): number {
  return (signOf(side) * 100 * (stop - liquidation)) / price;
}

function intentOf({ signal, order, settings }: AssessRequest, quantity: number): OrderIntent {
  const { stop_loss, take_profit } = signal;
  return {
    run: signal.run,
    signal_id: signal.signal_id,
    symbol: signal.symbol,
    side: sideOf(signal.direction),
    purpose: 'ENTRY',
    action: actionOf(signal.direction),
    ...order,
    quantity,
    reduce_only: false,
    leverage: settings.trading.leverage,
    ...(stop_loss !== undefined && { stop_loss }),
    ...(take_profit !== undefined && { take_profit }),
  };
}

function openNotional({ positions }: Account, symbol?: string): number {
  return positions.reduce((sum, each) => sum + (symbol === undefined || each.symbol === symbol ? each.notional : 0), 0);
}

function denialOf({ rule, value = 0, limit = 0, until_ts }: RiskRuleResult): Denial {
  return { code: rule, value, limit, ...(until_ts !== undefined && { until_ts }) };
}

import type { Account } from '@helios/shared/domain/account.ts';
import { ageOf } from '@helios/shared/domain/age.ts';
import type { Denial } from '@helios/shared/domain/decision.ts';
import { ACCOUNT_MAX_AGE_MS } from '@helios/shared/domain/freshness.ts';
import type { Instrument } from '@helios/shared/domain/instrument.ts';
import type { OrderIntent } from '@helios/shared/domain/order.ts';
import type { ClosedTrade } from '@helios/shared/domain/position.ts';
import type { RiskRuleResult } from '@helios/shared/domain/risk-rule.ts';
import type { Settings } from '@helios/shared/domain/settings.ts';
import { type Quote, sideOf, type TradingSignal } from '@helios/shared/domain/signal.ts';
import type { SymbolTerms } from '@helios/shared/domain/symbol-terms.ts';
import { planFill } from '../execution/fill.ts';
import { isHandMade, onMarketOfNow, refuseHandMade, withStopsOnTick } from '../portfolio/hand-made-signal.ts';
import { profileOf, type TradingProfile } from '../trading/profile.ts';
import { assessEntry, type RiskSettings } from './assess.ts';
import { clusterNotional } from './cluster.ts';
import type { MarginTier } from './liquidation.ts';
import { type PendingEntry, withPendingEntries } from './pending-entries.ts';

/** Everything that the assessment of a live entry depends on, besides the signal. */
export interface LiveEntryFacts {
  readonly nowMs: number;
  /** How long ago the signal was made, by the later of its own stamp and its arrival in the stream, ms; infinite: unknown. */
  readonly signalAgeMs: number;
  /** The live account of this run; undefined if there is none. */
  readonly account: Account | undefined;
  readonly trades: readonly ClosedTrade[];
  /** The operator released all locks then. */
  readonly releasedTs: number | undefined;
  /** Entries that were allowed and have no final answer that the account shows. */
  readonly pending: readonly PendingEntry[];
  readonly instrument: Instrument | undefined;
  readonly terms: SymbolTerms | undefined;
  /** The market of now, for a signal published by hand. */
  readonly quote: Quote | undefined;
  /** Correlation of the signal's coin with another one; undefined if unknown. */
  readonly correlation: (symbol: string) => number | undefined;
  readonly settings: RiskSettings & Pick<Settings, 'signals' | 'simulation' | 'execution'>;
}

/** The answer to an entry. `signal` is the form in which it is executed. */
export type LiveAssessment =
  | {
      readonly kind: 'INTENT';
      readonly intent: OrderIntent;
      readonly signal: TradingSignal;
      /** Expected fill price, quote currency. */
      readonly price: number;
      readonly rules: readonly RiskRuleResult[];
    }
  | { readonly kind: 'DENIED'; readonly denial: Denial; readonly rules?: readonly RiskRuleResult[] }
  | { readonly kind: 'EXPIRED'; readonly reason: string };

/**
 * Judges an entry in live trading and finds its size: by the account of the venue with everything that is already under way, the
 * account's own fees and brackets, and the run's own trades. What is unknown denies.
 */
export function assessLiveEntry(received: TradingSignal, facts: LiveEntryFacts): LiveAssessment {
  const { settings, nowMs, signalAgeMs, terms, instrument } = facts;
  if (isHandMade(received) && !settings.signals.accept_external) return denied('EXTERNAL_SIGNAL', 1, 0);
  if (signalAgeMs > settings.signals.signal_max_age_ms) return { kind: 'EXPIRED', reason: tooOld(signalAgeMs) };
  const { account } = facts;
  const accountAgeMs = account && ageOf(account.updated_ts, nowMs);
  if (account === undefined || accountAgeMs === undefined || accountAgeMs > ACCOUNT_MAX_AGE_MS)
    return denied('ACCOUNT_STALE', accountAgeMs ?? 0, ACCOUNT_MAX_AGE_MS);
  if (instrument === undefined) return denied('INSTRUMENT_UNKNOWN', 0, 0);
  if (terms === undefined || terms.tiers.length === 0) return denied('TERMS_UNKNOWN', 0, 0);
  const signal = executableForm(received, facts);
  const { price, kind } = planFill({ orderTypes: orderTypesOf(settings) }, signal, facts.quote);
  const refusal = refuseHandMade(signal, price, undefined, true);
  if (refusal?.denial) return { kind: 'DENIED', denial: refusal.denial };
  const rests = kind === 'REST';
  const assessment = assess(signal, price, { account, instrument, terms, facts, rests });
  return assessment.kind === 'DENIED' ? assessment : { ...assessment, signal, price };
}

function tooOld(ageMs: number): string {
  if (!Number.isFinite(ageMs)) return 'its age is unknown: the clock was set back since it was made';
  return `too old: read ${Math.round(ageMs)} ms after it was made`;
}

interface Known {
  readonly account: Account;
  readonly instrument: Instrument;
  readonly terms: SymbolTerms;
  readonly facts: LiveEntryFacts;
  /** The entry only rests in the book: it pays the maker fee at its own side of the book. */
  readonly rests: boolean;
}

/** Only an entry that never takes counts as a maker. */
function orderTypesOf(settings: LiveEntryFacts['settings']): TradingProfile['orderTypes'] {
  const { orderTypes } = profileOf('LIVE', settings);
  return settings.execution.entry_style === 'maker' ? { ...orderTypes, ENTRY: 'LIMIT' } : orderTypes;
}

function assess(signal: TradingSignal, price: number, { account: shown, instrument, terms, facts, rests }: Known) {
  const { settings, nowMs, trades, releasedTs } = facts;
  const account = withPendingEntries(shown, facts.pending, settings.risk);
  const entry = { symbol: signal.symbol, side: sideOf(signal.direction) };
  return assessEntry({
    signal,
    order: rests ? { order_type: 'LIMIT', price } : { order_type: 'MARKET' },
    price,
    feeRate: rests ? terms.maker_fee : terms.taker_fee,
    nowMs,
    account,
    trades,
    releasedTs,
    openCount: new Set(account.positions.map(({ symbol, side }) => `${symbol}:${side}`)).size,
    clusterNotional: clusterNotional(account, entry, facts.correlation, settings.risk.cluster_correlation),
    instrument,
    tiers: tiersOf(terms),
    settings,
  });
}

/** A signal published by hand takes the market of now; the signals of the strategy stay as they are. */
function executableForm(signal: TradingSignal, { quote, nowMs, instrument }: LiveEntryFacts): TradingSignal {
  if (!isHandMade(signal)) return signal;
  return withStopsOnTick(onMarketOfNow(signal, { fresh: quote, isKnown: true }, nowMs), instrument);
}

function tiersOf({ tiers }: SymbolTerms): MarginTier[] {
  return tiers.map(({ notional_cap, rate, amount, max_leverage }) => ({
    notionalCap: notional_cap,
    rate,
    amount,
    maxLeverage: max_leverage,
  }));
}

function denied(code: Denial['code'], value: number, limit: number): LiveAssessment {
  return { kind: 'DENIED', denial: { code, value, limit } };
}

import type { Account, AccountPosition } from '@helios/shared/domain/account.ts';
import type { OpenPosition } from '@helios/shared/domain/position.ts';
import type { SymbolTerms } from '@helios/shared/domain/symbol-terms.ts';
import { MARGIN_ASSET, quoteCurrencyOf } from '@helios/shared/domain/units.ts';
import { type MarginTier, maintenanceMargin } from '../risk/liquidation.ts';
import { marginFigures, marginLevel } from '../risk/margin-ladder.ts';
import { signOf } from '../strategy/side-sign.ts';
import type { AccountModes } from './account-modes.ts';
import type { LiveContext } from './live-context.ts';
import type { AccountSnapshot, SymbolSettings, VenuePosition } from './venue-port.ts';

/** Without the user stream, or with an older snapshot, the account is only as new as the snapshot. */
const MAX_SNAPSHOT_AGE_MS = 90_000;

interface Held {
  readonly signedQuantity: number;
  readonly entryPrice: number;
  readonly tsUpdate: number;
}

interface KnownSettings extends SymbolSettings {
  /** When an event told them last; an answer that was asked for before says nothing new. */
  readonly eventMs: number;
}

/** The venue's account: the last snapshot, brought up to date by the user stream and by mark prices. Others' positions count too. */
export class LiveAccount {
  readonly #context: LiveContext;
  readonly #modes: Pick<AccountModes, 'isMultiAssets'>;
  readonly #settings = new Map<string, KnownSettings>();
  readonly #terms = new Map<string, SymbolTerms>();
  readonly #held = new Map<string, Held>();
  #snapshot: AccountSnapshot | undefined;
  #snapshotMs = 0;
  #wallet = 0;
  #walletTs = 0;

  constructor(context: LiveContext, modes: Pick<AccountModes, 'isMultiAssets'>) {
    this.#context = context;
    this.#modes = modes;
  }

  /** @param tsAsked when the settings were asked for; undefined for an event */
  onSettings(told: SymbolSettings, tsAsked: number | undefined, nowMs: number): void {
    const known = this.#settings.get(told.symbol);
    if (tsAsked !== undefined && known !== undefined && tsAsked <= known.eventMs) return;
    const eventMs = tsAsked === undefined ? nowMs : Number.NEGATIVE_INFINITY;
    this.#settings.set(told.symbol, { ...known, ...told, eventMs });
  }

  onTerms(terms: SymbolTerms): void {
    this.#terms.set(terms.symbol, terms);
  }

  onSnapshot(snapshot: AccountSnapshot, nowMs: number): void {
    if (this.#snapshot && snapshot.tsAsked < this.#snapshot.tsAsked) return;
    this.#snapshot = snapshot;
    this.#snapshotMs = nowMs;
    // Events after the question are newer than the snapshot.
    if (this.#walletTs < snapshot.tsAsked) this.#wallet = snapshot.balance.walletBalance;
    const shown = new Set(snapshot.positions.map(({ symbol }) => symbol));
    for (const position of snapshot.positions) this.#hold(position.symbol, position, snapshot.tsAsked);
    for (const [symbol, { tsUpdate }] of this.#held)
      if (!shown.has(symbol) && tsUpdate < snapshot.tsAsked) this.#held.delete(symbol);
  }

  /** The wallet of the margin asset. With several margin assets only a snapshot has their sum. */
  onWallet(walletBalance: number, tsEvent: number): void {
    if (tsEvent < this.#walletTs || this.#modes.isMultiAssets) return;
    this.#wallet = walletBalance;
    this.#walletTs = tsEvent;
  }

  onPosition(symbol: string, signedQuantity: number, entryPrice: number | undefined, tsEvent: number): void {
    const held = this.#held.get(symbol);
    if (held && tsEvent < held.tsUpdate) return;
    if (signedQuantity === 0) this.#held.delete(symbol);
    else if (entryPrice !== undefined && entryPrice > 0) {
      this.#held.set(symbol, { signedQuantity, entryPrice, tsUpdate: tsEvent });
    }
  }

  /** Undefined before the first snapshot. */
  account(isStreamOpen: boolean, nowMs: number): Account | undefined {
    const snapshot = this.#snapshot;
    if (snapshot === undefined) return undefined;
    const { balance } = snapshot;
    const rows = [...this.#held].map(([symbol, held]) => this.#row(symbol, held, nowMs));
    // The venue's totals are those of the margin asset: a position in another one has a margin of its own.
    const counted = rows.filter(({ symbol }) => this.#counts(symbol));
    const shown = snapshot.positions.filter(({ symbol }) => this.#counts(symbol));
    const shownMargin = sum(shown.map(({ initialMargin }) => initialMargin));
    const ofOrders = Math.max(balance.initialMargin - shownMargin, 0);
    const unrealized = sum(counted.map(({ unrealized_pnl }) => unrealized_pnl));
    const initial = sum(counted.map(({ margin }) => margin)) + ofOrders;
    const maintenance = sum(counted.map(({ maintenance_margin }) => maintenance_margin));
    const moved = this.#wallet - balance.walletBalance - (initial - balance.initialMargin);
    const crossedPnl = crossed(counted) - crossed(shown);
    const available = Math.max(balance.availableBalance + moved + crossedPnl, 0);
    const isKnown = counted.every(({ mark_known }) => mark_known);
    const marginBalance = this.#wallet + unrealized;
    const figures = marginFigures({
      available: isKnown ? available : undefined,
      marginBalance,
      maintenance: isKnown ? maintenance : undefined,
    });
    const isNew = isStreamOpen && nowMs - this.#snapshotMs <= MAX_SNAPSHOT_AGE_MS;
    return {
      run: this.#context.run,
      wallet_balance: this.#wallet,
      unrealized_pnl: unrealized,
      margin_balance: marginBalance,
      available_balance: available,
      initial_margin: initial,
      maintenance_margin: maintenance,
      ...(figures.freeMarginPct !== undefined && { free_margin_pct: figures.freeMarginPct }),
      ...(figures.maintenanceRatioPct !== undefined && { maintenance_ratio_pct: figures.maintenanceRatioPct }),
      margin_level: marginLevel(figures, this.#context.settings.risk),
      margin_asset: this.#modes.isMultiAssets ? 'USD' : MARGIN_ASSET,
      ...(balance.otherAssets !== undefined && { other_assets: balance.otherAssets }),
      positions: rows,
      simulated: false,
      updated_ts: isNew ? nowMs : this.#snapshotMs,
    };
  }

  /** What the last snapshot shows for the position; undefined if that is of an earlier position on the symbol. */
  liquidationPrice({ symbol, side, entry_ts }: OpenPosition): number | undefined {
    const shown = this.shown(symbol);
    const isOfPosition =
      shown !== undefined &&
      Math.sign(shown.signedQuantity) === signOf(side) &&
      (this.#snapshot?.tsAsked ?? 0) >= entry_ts;
    return isOfPosition ? shown.liquidationPrice : undefined;
  }

  /** The venue's row of a symbol in the last snapshot. */
  shown(symbol: string): VenuePosition | undefined {
    return this.#snapshot?.positions.find((position) => position.symbol === symbol);
  }

  #hold(symbol: string, { signedQuantity, entryPrice }: VenuePosition, tsAsked: number): void {
    const held = this.#held.get(symbol);
    if (held && held.tsUpdate >= tsAsked) return;
    this.#held.set(symbol, { signedQuantity, entryPrice, tsUpdate: tsAsked });
  }

  #row(symbol: string, { signedQuantity, entryPrice }: Held, nowMs: number): AccountPosition {
    const shown = this.shown(symbol);
    const isSame = shown?.signedQuantity === signedQuantity;
    const mark = this.#context.prices.mark(symbol, nowMs);
    const markPrice = mark ?? shown?.markPrice ?? entryPrice;
    const quantity = Math.abs(signedQuantity);
    const notional = quantity * markPrice;
    const known = this.#settings.get(symbol);
    const leverage =
      known?.leverage ??
      shown?.leverage ??
      this.#terms.get(symbol)?.leverage ??
      this.#context.settings.trading.leverage;
    const isIsolated = (known?.marginMode ?? shown?.marginMode ?? this.#mode()) === 'ISOLATED';
    return {
      symbol,
      side: signedQuantity > 0 ? 'LONG' : 'SHORT',
      quantity,
      entry_price: entryPrice,
      mark_price: markPrice,
      mark_known: mark !== undefined || (isSame && nowMs - this.#snapshotMs <= MAX_SNAPSHOT_AGE_MS),
      notional,
      unrealized_pnl: signedQuantity * (markPrice - entryPrice),
      margin_mode: isIsolated ? 'ISOLATED' : 'CROSSED',
      leverage,
      margin: isSame && isIsolated && shown ? shown.initialMargin : notional / leverage,
      maintenance_margin: this.#maintenance(symbol, notional, shown),
      ...(isSame && shown?.liquidationPrice !== undefined && { liquidation_price: shown.liquidationPrice }),
    };
  }

  #counts(symbol: string): boolean {
    return this.#modes.isMultiAssets || quoteCurrencyOf(symbol) === MARGIN_ASSET;
  }

  #mode(): 'ISOLATED' | 'CROSSED' {
    return this.#context.settings.risk.margin_mode === 'isolated' ? 'ISOLATED' : 'CROSSED';
  }

  #maintenance(symbol: string, notional: number, shown: VenuePosition | undefined): number {
    const tiers = this.#terms.get(symbol)?.tiers.map(tierOf);
    if (tiers !== undefined && tiers.length > 0) return maintenanceMargin(notional, tiers);
    if (shown === undefined) return 0;
    return (shown.maintenanceMargin * notional) / (Math.abs(shown.signedQuantity) * shown.markPrice);
  }
}

function tierOf({ notional_cap, rate, amount, max_leverage }: SymbolTerms['tiers'][number]): MarginTier {
  return { notionalCap: notional_cap, rate, amount, maxLeverage: max_leverage };
}

/** Unrealised PnL that the whole account can lose or use. */
function crossed(positions: readonly (AccountPosition | VenuePosition)[]): number {
  const pnls = positions.map((one) => {
    const [mode, pnl] =
      'margin_mode' in one ? [one.margin_mode, one.unrealized_pnl] : [one.marginMode, one.unrealizedPnl];
    return mode === 'CROSSED' ? pnl : 0;
  });
  return sum(pnls);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

import type { AccountSnapshot, VenueBalance, VenueNews, VenuePosition } from '@helios/core/live/venue-port.ts';
import { MARGIN_ASSET } from '@helios/shared/domain/units.ts';
import { openStops } from '../orders/algo-endpoints.ts';
import { openOrders } from '../orders/order-endpoints.ts';
import type { OrderReport } from '../orders/order-report.ts';
import { type AccountConfig, askAccountConfig } from '../rest/endpoints/account-config.ts';
import { type AccountTotals, accountTotals } from '../rest/endpoints/account-totals.ts';
import { positionRisk, type VenuePositionRow } from '../rest/endpoints/position-risk.ts';
import { getSymbolConfig, type SymbolConfig } from '../rest/endpoints/symbol-config.ts';
import type { RestAnswer } from '../rest/rest-answer.ts';
import type { FeeConverter } from './fee-converter.ts';
import { type KnownStops, venueStopOf } from './known-stops.ts';
import { venueOrderOf } from './order-news.ts';
import type { VenueRequests } from './venue-requests.ts';

/** What a snapshot is read with, and what learns from it. */
export interface SnapshotReader {
  readonly requests: VenueRequests;
  readonly stops: KnownStops;
  readonly fees: FeeConverter;
  /** Our clock, epoch ms. */
  readonly now: () => number;
  /** Symbols whose settings are told. */
  readonly symbols: ReadonlySet<string>;
  readonly onNews: (news: VenueNews) => void;
}

type SnapshotNews = Extract<VenueNews, { kind: 'SNAPSHOT' | 'SNAPSHOT_FAILED' }>;

/**
 * Reads everything that the venue shows of the account. One failed part, or parts that contradict each other, make the snapshot fail.
 * Modes and settings are told nevertheless.
 */
export async function takeSnapshot(reader: SnapshotReader): Promise<SnapshotNews> {
  const { requests, stops, fees, now, onNews } = reader;
  const tsAsked = now();
  const [positions, orders, algos, totals, configs, modes] = await Promise.all([
    requests.send(positionRisk, {}),
    requests.send(openOrders, {}),
    requests.send(openStops, {}),
    requests.send(accountTotals, undefined),
    requests.send(getSymbolConfig, {}),
    requests.send(askAccountConfig, undefined),
  ]);
  tellSettings(reader, { configs, modes, tsAsked });
  if (algos.kind === 'FAILURE') return failed(algos);
  const rests = algos.value.map((stop) => venueStopOf(stop, stop.tsUpdate));
  for (const stop of rests) stops.merge(stop);
  const news = snapshotOf({ tsAsked, positions, orders, totals, configs, stops: rests });
  // A position that an earlier process left without a stop cannot wait for the rest.
  if (news.kind === 'SNAPSHOT_FAILED') onNews({ kind: 'RESTING_STOPS', stops: rests, tsAsked });
  if (totals.kind === 'OK') for (const asset of Object.keys(totals.value.wallets)) fees.onAsset(asset);
  return news;
}

interface ReadParts extends Pick<AccountSnapshot, 'tsAsked' | 'stops'> {
  readonly positions: RestAnswer<readonly VenuePositionRow[]>;
  readonly orders: RestAnswer<readonly OrderReport[]>;
  readonly totals: RestAnswer<AccountTotals>;
  readonly configs: RestAnswer<readonly SymbolConfig[]>;
}

function snapshotOf({ tsAsked, stops, positions, orders, totals, configs }: ReadParts): SnapshotNews {
  if (positions.kind === 'FAILURE') return failed(positions);
  if (orders.kind === 'FAILURE') return failed(orders);
  if (totals.kind === 'FAILURE') return failed(totals);
  if (configs.kind === 'FAILURE') return failed(configs);
  const held = positions.value.filter(({ amount }) => Number(amount) !== 0);
  const problem = problemWith(held, totals.value);
  if (problem !== undefined) return { kind: 'SNAPSHOT_FAILED', detail: problem };
  const configOf = new Map(configs.value.map((config) => [config.symbol, config]));
  return {
    kind: 'SNAPSHOT',
    snapshot: {
      tsAsked,
      positions: held.map((position) => positionOf(position, configOf.get(position.symbol))),
      orders: orders.value.map((order) => venueOrderOf(order, order.tsPlaced ?? order.tsUpdate)),
      stops,
      balance: balanceOf(totals.value),
    },
  };
}

interface ReadSettings {
  readonly configs: RestAnswer<readonly SymbolConfig[]>;
  readonly modes: RestAnswer<AccountConfig>;
  readonly tsAsked: number;
}

/** Tells modes of the account and settings of symbols: another hand may have changed them. */
function tellSettings({ symbols, onNews }: SnapshotReader, { configs, modes, tsAsked }: ReadSettings): void {
  if (modes.kind === 'OK') {
    const { isHedge, isMultiAssets } = modes.value;
    onNews({ kind: 'ACCOUNT_MODES', isHedge, isMultiAssets, tsAsked });
  }
  if (configs.kind !== 'OK') return;
  const rows = configs.value.filter(({ symbol }) => symbols.has(symbol));
  if (rows.length > 0) onNews({ kind: 'SYMBOL_SETTINGS', rows, tsAsked });
}

function failed({ detail }: Extract<RestAnswer<unknown>, { kind: 'FAILURE' }>): SnapshotNews {
  return { kind: 'SNAPSHOT_FAILED', detail };
}

/** Why the answers cannot be believed; undefined if they can. */
function problemWith(held: readonly VenuePositionRow[], totals: AccountTotals): string | undefined {
  const hedged = held.find(({ positionSide }) => positionSide !== 'BOTH');
  if (hedged !== undefined)
    return `the account is in hedge mode (${hedged.symbol} ${hedged.positionSide}); Helios needs one-way mode`;
  const priceless = held.find(({ entryPrice, markPrice }) => !(Number(entryPrice) > 0 && Number(markPrice) > 0));
  if (priceless !== undefined) return `the position in ${priceless.symbol} has no price`;
  if (held.length === 0 && Number(totals.positionMargin) > 0)
    return `the venue lists no position, but positions use ${totals.positionMargin} of margin`;
  return undefined;
}

/** The position. Without the settings of its symbol, as of a delisted one, the leverage follows from its margin. */
function positionOf(report: VenuePositionRow, config: SymbolConfig | undefined): VenuePosition {
  const notional = Math.abs(Number(report.amount)) * Number(report.markPrice);
  const leverage = Math.max(1, Math.round(notional / Math.max(Number(report.initialMargin), 1e-8)));
  const liquidationPrice = Number(report.liquidationPrice);
  return {
    symbol: report.symbol,
    signedQuantity: Number(report.amount),
    entryPrice: Number(report.entryPrice),
    markPrice: Number(report.markPrice),
    liquidationPrice: liquidationPrice > 0 ? liquidationPrice : undefined,
    unrealizedPnl: Number(report.unrealizedProfit),
    marginMode: config?.marginMode ?? 'CROSSED',
    leverage: config?.leverage ?? leverage,
    initialMargin: Number(report.initialMargin),
    maintenanceMargin: Number(report.maintenanceMargin),
    tsUpdate: report.tsUpdate,
  };
}

function balanceOf(totals: AccountTotals): VenueBalance {
  const others = Object.entries(totals.wallets).filter(([asset]) => asset !== MARGIN_ASSET);
  return {
    walletBalance: Number(totals.walletBalance),
    unrealizedPnl: Number(totals.unrealizedPnl),
    marginBalance: Number(totals.marginBalance),
    availableBalance: Number(totals.availableBalance),
    initialMargin: Number(totals.initialMargin),
    maintenanceMargin: Number(totals.maintenanceMargin),
    otherAssets: Object.fromEntries(others.map(([asset, wallet]) => [asset, Number(wallet)])),
  };
}

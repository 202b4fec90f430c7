import { idText, VENUE_ORDER_STATES, type VenueOrderState } from '../orders/order-report.ts';
import { isLoose, isSignedDecimal, isSymbol, isUnsignedDecimal, isWhole, type Loose } from '../wire/field-checks.ts';
import { badField, type WireFault } from '../wire/wire-fault.ts';

/** A trade of an order, as the user stream reports it. Decimal strings. */
export interface ReportedTrade {
  readonly tradeId: string;
  readonly price: string;
  readonly quantity: string;
  /** Commission and its asset; the venue leaves both out where it does not charge. */
  readonly commission: string | undefined;
  readonly commissionAsset: string | undefined;
  readonly realisedPnl: string;
  readonly isMaker: boolean;
}

/** `ORDER_TRADE_UPDATE`: an order changed. Source: developers.binance.com, USDⓈ-M, Event Order Update. */
export interface OrderUpdate {
  readonly kind: 'ORDER_UPDATE';
  readonly symbol: string;
  readonly clientOrderId: string;
  readonly venueOrderId: string;
  /** What happened: NEW, TRADE, CANCELED, EXPIRED, CALCULATED, AMENDMENT. */
  readonly execution: string;
  readonly state: VenueOrderState | 'NEW_INSURANCE' | 'NEW_ADL';
  readonly side: 'BUY' | 'SELL';
  /** BOTH in one-way mode, else LONG or SHORT. */
  readonly positionSide: string;
  /** Limit price; undefined for MARKET. */
  readonly price: string | undefined;
  readonly quantity: string;
  readonly filledQuantity: string;
  readonly averagePrice: string | undefined;
  readonly reduceOnly: boolean;
  /** Set if the event reports a trade. */
  readonly trade: ReportedTrade | undefined;
  /** The conditional order that became this order. */
  readonly algoId: string | undefined;
  /** The venue's times: of the change, and of the message; epoch ms. */
  readonly tsEvent: number;
  readonly tsSent: number;
}

const STATES: readonly OrderUpdate['state'][] = [...VENUE_ORDER_STATES, 'NEW_INSURANCE', 'NEW_ADL'];

export function parseOrderUpdate({ E, T, o }: Loose): OrderUpdate | WireFault {
  const bad = (field: string, value: unknown): WireFault => badField('ORDER_TRADE_UPDATE', field, value);
  if (!isWhole(E)) return bad('E', E);
  if (!isWhole(T)) return bad('T', T);
  if (!isLoose(o)) return bad('o', o);
  const { s, c, S, x, X, i, p, q, z, ap, R, ps, si } = o;
  if (!isSymbol(s)) return bad('o.s', s);
  if (typeof c !== 'string') return bad('o.c', c);
  const venueOrderId = idText(i);
  if (venueOrderId === undefined) return bad('o.i', i);
  if (S !== 'BUY' && S !== 'SELL') return bad('o.S', S);
  if (typeof x !== 'string') return bad('o.x', x);
  const state = STATES.find((one) => one === X);
  if (state === undefined) return bad('o.X', X);
  if (!isUnsignedDecimal(p)) return bad('o.p', p);
  if (!isUnsignedDecimal(q)) return bad('o.q', q);
  if (!isUnsignedDecimal(z)) return bad('o.z', z);
  if (!isUnsignedDecimal(ap)) return bad('o.ap', ap);
  if (typeof R !== 'boolean') return bad('o.R', R);
  if (typeof ps !== 'string') return bad('o.ps', ps);
  const trade = tradeIn(o);
  if (trade !== undefined && 'kind' in trade) return trade;
  const algoId = si === undefined || si === 0 ? undefined : idText(si);
  return {
    kind: 'ORDER_UPDATE',
    ...{ symbol: s, clientOrderId: c, venueOrderId, execution: x, state, side: S, positionSide: ps },
    ...{ price: Number(p) > 0 ? p : undefined, quantity: q, filledQuantity: z, reduceOnly: R },
    averagePrice: Number(ap) > 0 ? ap : undefined,
    ...{ trade, algoId, tsEvent: T, tsSent: E },
  };
}

/** The trade of an update; undefined if it reports none. */
function tradeIn({ t, l, L, n, N, rp, m }: Loose): ReportedTrade | WireFault | undefined {
  const bad = (field: string, value: unknown): WireFault => badField('ORDER_TRADE_UPDATE', field, value);
  if (!isUnsignedDecimal(l)) return bad('o.l', l);
  if (Number(l) === 0) return undefined;
  const tradeId = idText(t);
  if (tradeId === undefined) return bad('o.t', t);
  if (!isUnsignedDecimal(L) || Number(L) === 0) return bad('o.L', L);
  if (n !== undefined && !isSignedDecimal(n)) return bad('o.n', n);
  if (N !== undefined && typeof N !== 'string') return bad('o.N', N);
  if (!isSignedDecimal(rp)) return bad('o.rp', rp);
  if (typeof m !== 'boolean') return bad('o.m', m);
  return { tradeId, price: L, quantity: l, commission: n, commissionAsset: N, realisedPnl: rp, isMaker: m };
}

import { ALGO_STATES, type AlgoReport } from '../orders/algo-report.ts';
import { idText } from '../orders/order-report.ts';
import { isLoose, isSymbol, isUnsignedDecimal, isWhole, type Loose } from '../wire/field-checks.ts';
import { badField, type WireFault } from '../wire/wire-fault.ts';

/** `ALGO_UPDATE`: a conditional order changed. Source: developers.binance.com, USDⓈ-M, Event Algo Order Update. */
export interface AlgoUpdate extends Omit<AlgoReport, 'tsUpdate'> {
  readonly kind: 'ALGO_UPDATE';
  /** Why the venue refused it; undefined if it did not. */
  readonly rejectReason: string | undefined;
  readonly tsEvent: number;
  readonly tsSent: number;
}

export function parseAlgoUpdate({ E, T, o }: Loose): AlgoUpdate | WireFault {
  const bad = (field: string, value: unknown): WireFault => badField('ALGO_UPDATE', field, value);
  if (!isWhole(E)) return bad('E', E);
  if (!isWhole(T)) return bad('T', T);
  if (!isLoose(o)) return bad('o', o);
  const { s, caid, aid, X, o: orderType, S, q, tp, cp, R, ai, rm } = o;
  if (!isSymbol(s)) return bad('o.s', s);
  if (typeof caid !== 'string') return bad('o.caid', caid);
  const algoId = idText(aid);
  if (algoId === undefined) return bad('o.aid', aid);
  const state = ALGO_STATES.find((one) => one === X);
  if (state === undefined) return bad('o.X', X);
  if (typeof orderType !== 'string') return bad('o.o', orderType);
  if (S !== 'BUY' && S !== 'SELL') return bad('o.S', S);
  if (!isUnsignedDecimal(q)) return bad('o.q', q);
  // A trailing stop has no trigger price yet.
  const triggerPrice = tp === '' ? '0' : tp;
  if (!isUnsignedDecimal(triggerPrice)) return bad('o.tp', tp);
  if (typeof cp !== 'boolean') return bad('o.cp', cp);
  if (typeof R !== 'boolean') return bad('o.R', R);
  return {
    kind: 'ALGO_UPDATE',
    ...{ symbol: s, clientAlgoId: caid, algoId, state, orderType, side: S, quantity: q, triggerPrice },
    ...{ closePosition: cp, reduceOnly: R },
    venueOrderId: ai === '' || ai === undefined ? undefined : idText(ai),
    rejectReason: state === 'REJECTED' && typeof rm === 'string' ? rm : undefined,
    tsEvent: T,
    tsSent: E,
  };
}

import type { AccountFlow } from '@helios/shared/domain/account-flow.ts';
import type { PositionFill } from '@helios/shared/domain/position.ts';
import type { Side } from '@helios/shared/domain/signal.ts';
import { quoteCurrencyOf } from '@helios/shared/domain/units.ts';
import { type ExactDecimal, exactNumber, exactOf, exactProduct, unitsAt } from '../price/exact-decimal.ts';

/** The money of a round trip, exact to the last digit of the venue's money. Quote currency; fees and funding: paid. */
export interface LotMoney {
  readonly gross_pnl: number;
  readonly fees: number;
  readonly funding: number;
  readonly realized_pnl: number;
}

/** The fills of one position. */
export interface LotFills {
  readonly symbol: string;
  readonly side: Side;
  readonly entries: readonly PositionFill[];
  readonly exits: readonly PositionFill[];
}

/** Kinds of flows that belong to a position by their time: they name no trade. */
export const TIMED_KINDS: readonly string[] = ['FUNDING_FEE', 'INSURANCE_CLEAR'];

const ZERO: ExactDecimal = { units: 0n, scale: 0 };

/**
 * The money of a flat position. The venue's own figures count where it has reported them: fee and realised PnL by trade id,
 * funding and clearance by time. Until then fees are those of the fills, and gross is Σ exits − Σ entries, sign by side.
 * `flows` are those of the position (`isFlowOf`), of any kind. A fee in another asset than the quote currency counts as its fill says.
 */
export function lotMoney(lot: LotFills, flows: readonly AccountFlow[]): LotMoney {
  const quote = quoteCurrencyOf(lot.symbol);
  const ours = flows.filter(({ asset }) => asset === quote);
  const gross = venueGross(lot, ours) ?? fillsGross(lot);
  const fees = feesOf(lot, ours);
  const funding = negated(sumOf(ours.filter(({ kind }) => kind === 'FUNDING_FEE')));
  const realized = sum([gross, negated(fees), negated(funding)]);
  return {
    gross_pnl: exactNumber(gross),
    fees: exactNumber(fees),
    funding: exactNumber(funding),
    realized_pnl: exactNumber(realized),
  };
}

/** Funding that an open position has paid so far. */
export function fundingPaid(symbol: string, flows: readonly AccountFlow[]): number {
  const quote = quoteCurrencyOf(symbol);
  return exactNumber(negated(sumOf(flows.filter(({ kind, asset }) => kind === 'FUNDING_FEE' && asset === quote))));
}

/** Exact sums of flows by asset, over all kinds: the change of each asset's wallet. */
export function walletChange(flows: Iterable<AccountFlow>): Readonly<Record<string, ExactDecimal>> {
  const sums: Record<string, ExactDecimal> = {};
  for (const { asset, amount } of flows) sums[asset] = sum([sums[asset] ?? ZERO, exactOf(amount)]);
  return sums;
}

/**
 * True for a fill that execution-manager assumed, because the venue's position changed without a known trade. It has no trade id of
 * the venue.
 */
export function isAssumed({ trade_id }: Pick<PositionFill, 'trade_id'>): boolean {
  return !/^\d+$/.test(trade_id);
}

/** Undefined until the venue has reported the realised PnL of each exit fill. */
function venueGross({ exits }: LotFills, flows: readonly AccountFlow[]): ExactDecimal | undefined {
  const realized = flows.filter(({ kind }) => kind === 'REALIZED_PNL');
  const reported = new Set(realized.map(({ trade_id }) => trade_id));
  const ids = new Set<string | undefined>(exits.map(({ trade_id }) => trade_id));
  const known = exits.every((fill) => isAssumed(fill) || reported.has(fill.trade_id));
  const unknown = realized.filter(({ trade_id }) => !ids.has(trade_id));
  if (!known || (exits.some(isAssumed) && unknown.length === 0)) return undefined;
  return sumOf(exits.some(isAssumed) ? realized : realized.filter(({ trade_id }) => ids.has(trade_id)));
}

function fillsGross({ side, entries, exits }: LotFills): ExactDecimal {
  const value = (fills: readonly PositionFill[]) =>
    sum(fills.map(({ price, quantity }) => exactProduct(exactOf(price), exactOf(quantity))));
  const rise = sum([value(exits), negated(value(entries))]);
  return side === 'LONG' ? rise : negated(rise);
}

function feesOf({ entries, exits }: LotFills, flows: readonly AccountFlow[]): ExactDecimal {
  const fees = [...entries, ...exits].map(({ trade_id, fee }) => {
    const reported = flows.filter((flow) => flow.kind === 'COMMISSION' && flow.trade_id === trade_id);
    return reported.length === 0 ? exactOf(fee) : negated(sumOf(reported));
  });
  const ids = new Set<string | undefined>([...entries, ...exits].map(({ trade_id }) => trade_id));
  const isOfNobody = ({ kind, trade_id }: AccountFlow) => kind === 'COMMISSION' && !ids.has(trade_id);
  const assumed = [...entries, ...exits].some(isAssumed) ? negated(sumOf(flows.filter(isOfNobody))) : ZERO;
  const clearance = negated(sumOf(flows.filter(({ kind }) => kind === 'INSURANCE_CLEAR')));
  return sum([...fees, assumed, clearance]);
}

const sumOf = (flows: readonly AccountFlow[]): ExactDecimal => sum(flows.map(({ amount }) => exactOf(amount)));

const negated = ({ units, scale }: ExactDecimal): ExactDecimal => ({ units: -units, scale });

function sum(addends: readonly ExactDecimal[]): ExactDecimal {
  return addends.reduce((a, b) => {
    const scale = Math.max(a.scale, b.scale);
    return { units: unitsAt(a, scale) + unitsAt(b, scale), scale };
  }, ZERO);
}

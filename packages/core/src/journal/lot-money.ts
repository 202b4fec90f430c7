import type { AccountFlow } from '@helios/shared/domain/account-flow.ts';
import type { PositionFill } from '@helios/shared/domain/position.ts';
import type { Side } from '@helios/shared/domain/signal.ts';
import { quoteCurrencyOf } from '@helios/shared/domain/units.ts';
import { type ExactDecimal, exactNumber, exactOf, exactProduct, exactText, unitsAt } from '../price/exact-decimal.ts';

/** The money of a round trip, exact to the last digit of the venue's money. Quote currency; fees and funding: paid. */
export interface LotMoney {
  readonly gross_pnl: number;
  readonly fees: number;
  readonly funding: number;
  readonly realized_pnl: number;
  /** Fees paid in other assets, exact, each in its own unit; absent if there are none. `fees` counts them at their value. */
  readonly other_fees?: Readonly<Record<string, string>>;
  /** Change of the quote currency's wallet, without `other_fees`; absent if that is `realized_pnl`. */
  readonly wallet_pnl?: number;
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
 * `flows` are those of the position (`isFlowOf`), of any kind. A fee in another asset than the quote currency counts as its fill
 * says, and is listed with its own amount: so each wallet of the venue is explained to the last digit.
 */
export function lotMoney(lot: LotFills, flows: readonly AccountFlow[]): LotMoney {
  const quote = quoteCurrencyOf(lot.symbol);
  const ours = flows.filter(({ asset }) => asset === quote);
  const gross = venueGross(lot, ours) ?? fillsGross(lot);
  const fees = feesOf(lot, ours);
  const funding = negated(sumOf(ours.filter(({ kind }) => kind === 'FUNDING_FEE')));
  const realized = sum([gross, negated(fees), negated(funding)]);
  const other = otherFees(lot, flows, quote);
  const wallet = sum([realized, other.value]);
  return {
    gross_pnl: exactNumber(gross),
    fees: exactNumber(fees),
    funding: exactNumber(funding),
    realized_pnl: exactNumber(realized),
    ...(other.paid !== undefined && { other_fees: other.paid, wallet_pnl: exactNumber(wallet) }),
  };
}

/** Fees of the fills in other assets, by asset, and what `fees` counts for them. */
function otherFees({ entries, exits }: LotFills, flows: readonly AccountFlow[], quote: string) {
  const fills = [...entries, ...exits];
  const ids = new Set<string | undefined>(fills.map(({ trade_id }) => trade_id));
  const others = flows.filter(
    ({ kind, asset, trade_id }) => kind === 'COMMISSION' && asset !== quote && ids.has(trade_id),
  );
  if (others.length === 0) return { paid: undefined, value: ZERO };
  const paid = Object.entries(walletChange(others)).map(([asset, change]) => [asset, paidText(change)] as const);
  const inOther = new Set(others.map(({ trade_id }) => trade_id));
  const inQuote = new Set(
    flows.flatMap(({ kind, asset, trade_id }) => (kind === 'COMMISSION' && asset === quote ? trade_id : [])),
  );
  // A fill whose fee the venue reports in the quote currency counts that one.
  const valued = fills.filter(({ trade_id }) => inOther.has(trade_id) && !inQuote.has(trade_id));
  return { paid: Object.fromEntries(paid), value: sum(valued.map(({ fee }) => exactOf(fee))) };
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

/** What a change of a wallet paid; negative: received. */
const paidText = (change: ExactDecimal): string =>
  change.units > 0n ? `-${exactText(change)}` : exactText(negated(change));

const negated = ({ units, scale }: ExactDecimal): ExactDecimal => ({ units: -units, scale });

function sum(addends: readonly ExactDecimal[]): ExactDecimal {
  return addends.reduce((a, b) => {
    const scale = Math.max(a.scale, b.scale);
    return { units: unitsAt(a, scale) + unitsAt(b, scale), scale };
  }, ZERO);
}

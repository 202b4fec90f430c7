import type { Bracket } from './brackets.ts';
import type { AccountMargin, PositionMargin } from './margin.ts';
import { absMoney, divided } from './money.ts';

const UNIT = 100_000_000n;
const RATE_UNIT = 1_000_000n;

/** A position whose price decides; the two sides of a symbol in hedge mode are two legs. */
export type LiquidationLeg = Pick<PositionMargin, 'quantity' | 'cost' | 'brackets'>;

/** Prices between two borders of brackets, in units of 1e-8; no upper end above the last border. */
interface PriceRange {
  readonly from: bigint;
  readonly to: bigint | undefined;
}

/**
 * Price at which the collateral plus the PnL of the legs equals their maintenance margin, in units of 1e-8; undefined if no price
 * above 0 does.
 *
 * With signed quantity q, cost c, and each leg's rate m and amount a at the price: `C + Σ(q·P − c) = Σ(|q|·P·m − a)`, so
 * `P = (Σc − C − Σa) / Σ(q − |q|·m)`. This is Binance's published formula for one-way and hedge mode. Two legs may have two such prices;
 * the one nearest to the mark price counts.
 * @param collateral isolated: the position's wallet; crossed: see `crossCollateral`
 * @param markPrice in units of 1e-8
 */
export function legsLiquidationPrice(
  collateral: bigint,
  legs: readonly LiquidationLeg[],
  markPrice: bigint,
): bigint | undefined {
  const held = legs.filter(({ quantity }) => quantity !== 0n);
  const found = rangesOf(held).flatMap((range) => priceWithin(range, collateral, held) ?? []);
  return found.toSorted((a, b) => compare(absMoney(a - markPrice), absMoney(b - markPrice)))[0];
}

/** Money that the crossed positions of a symbol may lose: all crossed money, less what the other crossed symbols need and lose. */
export function crossCollateral({ crossWallet, positions }: AccountMargin, symbol: string): bigint {
  return positions
    .filter((one) => !one.isIsolated && one.symbol !== symbol)
    .reduce((money, { unrealised, maintenance }) => money + unrealised - maintenance, crossWallet);
}

/**
 * Liquidation price of a position of an account, in units of 1e-8. The two crossed sides of a symbol share one; each isolated side has its
 * own.
 */
export function positionLiquidationPrice(
  account: AccountMargin,
  position: PositionMargin,
  markPrice: bigint,
): bigint | undefined {
  if (position.quantity === 0n) return undefined;
  if (position.isIsolated) return legsLiquidationPrice(position.isolatedWallet, [position], markPrice);
  const legs = account.positions.filter(({ symbol, isIsolated }) => symbol === position.symbol && !isIsolated);
  return legsLiquidationPrice(crossCollateral(account, position.symbol), legs, markPrice);
}

/** Price at which the margin of a position is gone, in units of 1e-8 and at least 0: `(c − C) / q`. */
export function bankruptcyPrice(collateral: bigint, { quantity, cost }: LiquidationLeg): bigint {
  const price = quotient((cost - collateral) * UNIT, quantity);
  return price > 0n ? price : 0n;
}

/** The ranges of prices within which each leg stays in one bracket, lowest first. */
function rangesOf(legs: readonly LiquidationLeg[]): readonly PriceRange[] {
  const borders = legs.flatMap(({ quantity, brackets }) =>
    brackets.slice(0, -1).map(({ cap }) => (cap * UNIT) / absMoney(quantity)),
  );
  const sorted = [0n, ...new Set(borders)].toSorted(compare);
  return sorted.map((from, index) => ({ from, to: sorted[index + 1] }));
}

function priceWithin(
  { from, to }: PriceRange,
  collateral: bigint,
  legs: readonly LiquidationLeg[],
): bigint | undefined {
  let [money, slope] = [-collateral, 0n];
  for (const { quantity, cost, brackets } of legs) {
    const { rate, cum } = bracketAt(brackets, absMoney(quantity), from);
    money += cost - cum;
    slope += quantity * RATE_UNIT - absMoney(quantity) * rate;
  }
  if (slope === 0n) return undefined;
  const price = quotient(money * UNIT * RATE_UNIT, slope);
  // A border is rounded down to a unit, so the range is one unit wider at each end.
  return price > 0n && price >= from - 1n && (to === undefined || price <= to + 1n) ? price : undefined;
}

/** The bracket just above a price. */
function bracketAt(brackets: readonly Bracket[], quantity: bigint, price: bigint): Bracket {
  const found = brackets.find(({ cap }) => (cap * UNIT) / quantity > price) ?? brackets.at(-1);
  if (found === undefined) throw new RangeError('A contract needs at least one margin bracket.');
  return found;
}

function quotient(amount: bigint, divisor: bigint): bigint {
  return divisor < 0n ? divided(-amount, -divisor) : divided(amount, divisor);
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : Number(a > b);
}

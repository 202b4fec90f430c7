/** Types of conditional orders. */
export const CONDITIONAL_TYPES = [
  'STOP',
  'STOP_MARKET',
  'TAKE_PROFIT',
  'TAKE_PROFIT_MARKET',
  'TRAILING_STOP_MARKET',
] as const;
export type ConditionalType = (typeof CONDITIONAL_TYPES)[number];

/** A condition with a fixed trigger price. Prices are in money units of 1e-8, so prices off the tick grid are exact too. */
export interface FixedTrigger {
  readonly kind: 'STOP' | 'TAKE_PROFIT';
  readonly side: 'BUY' | 'SELL';
  readonly price: bigint;
}

/** A condition that follows the price. `callback` is in units of 0.1 %: 10 is 1 %. */
export interface TrailingTrigger {
  readonly kind: 'TRAILING';
  readonly side: 'BUY' | 'SELL';
  readonly activation: bigint;
  readonly callback: bigint;
  /** The best price since the activation: the lowest for a buy, the highest for a sell; undefined before it. */
  readonly best: bigint | undefined;
}

export type Trigger = FixedTrigger | TrailingTrigger;

/** What a price does to a trigger. */
export type TriggerStep =
  | { readonly kind: 'WAITS'; readonly trigger: Trigger }
  | { readonly kind: 'ACTIVATED'; readonly trigger: Trigger }
  | { readonly kind: 'TRIGGERED'; readonly trigger: Trigger };

const WHOLE = 1_000n;

/**
 * Applies a price to a trigger.
 *
 * A stop triggers when the price reaches it from the worse side: a buy from below, a sell from above. A take-profit is the
 * opposite. A trailing stop is activated when the price reaches its activation price from the worse side; it triggers when the
 * price then moves away from its best price by the callback rate. A price that equals the trigger reaches it.
 */
export function stepTrigger(trigger: Trigger, price: bigint): TriggerStep {
  if (trigger.kind === 'TRAILING') return stepTrailing(trigger, price);
  const isRising = (trigger.kind === 'STOP') === (trigger.side === 'BUY');
  const isReached = isRising ? price >= trigger.price : price <= trigger.price;
  return { kind: isReached ? 'TRIGGERED' : 'WAITS', trigger };
}

function stepTrailing(trigger: TrailingTrigger, price: bigint): TriggerStep {
  const { side, activation, callback } = trigger;
  const isBuy = side === 'BUY';
  if (trigger.best === undefined) {
    const isActive = isBuy ? price <= activation : price >= activation;
    return isActive ? { kind: 'ACTIVATED', trigger: { ...trigger, best: price } } : { kind: 'WAITS', trigger };
  }
  const isBetter = isBuy ? price < trigger.best : price > trigger.best;
  if (isBetter) return { kind: 'WAITS', trigger: { ...trigger, best: price } };
  const isReached = isBuy
    ? price * WHOLE >= trigger.best * (WHOLE + callback)
    : price * WHOLE <= trigger.best * (WHOLE - callback);
  return { kind: isReached ? 'TRIGGERED' : 'WAITS', trigger };
}

/** Callback rate in units of 0.1 % of a text in per cent; undefined unless it is 0.1..20 in steps of 0.1. */
export function callbackOf(text: string): bigint | undefined {
  const found = /^(\d{1,2})(?:\.(\d)0*)?$/.exec(text);
  if (found === null) return undefined;
  const callback = BigInt(found[1] ?? '0') * 10n + BigInt(found[2] ?? '0');
  return callback >= 1n && callback <= 200n ? callback : undefined;
}

/**
 * True if price protection holds a trigger back: contract and mark price differ by more than the threshold.
 * @param threshold share of the mark price in units of 1e-4: 500 is 5 %
 */
export function isTooFarApart(contract: bigint, mark: bigint, threshold: bigint): boolean {
  const gap = contract > mark ? contract - mark : mark - contract;
  return gap * 10_000n > mark * threshold;
}

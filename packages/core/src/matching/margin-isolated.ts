import { initialMargin } from './margin.ts';
import { absMoney, divided } from './money.ts';

/** A fill on an isolated position. */
export interface IsolatedFill {
  /** Signed steps before the fill, and its own. */
  readonly heldSteps: number;
  readonly steps: number;
  /** Money of the fill; the sign does not matter. */
  readonly value: bigint;
  readonly leverage: number;
}

/**
 * The isolated wallet after a fill: what opens brings its initial margin, what closes gives its share back. PnL and fees go to the
 * crossed wallet.
 */
export function isolatedWalletAfter(wallet: bigint, { heldSteps, steps, value, leverage }: IsolatedFill): bigint {
  const [held, size] = [Math.abs(heldSteps), Math.abs(steps)];
  if (held === 0 || heldSteps > 0 === steps > 0) return wallet + initialMargin(value, leverage);
  if (size < held) return wallet - divided(wallet * BigInt(size), BigInt(held));
  const opened = divided(absMoney(value) * BigInt(size - held), BigInt(size));
  return initialMargin(opened, leverage);
}

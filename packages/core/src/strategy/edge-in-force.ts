import { sixDigits } from '../price/significant-digits.ts';
import type { GateInput } from './gates/gate.ts';
import { opinionOn } from './opinion.ts';

/** What a candidate is expected to earn before fees, and whose estimate it is. */
export type EdgeInForce =
  | {
      readonly kind: 'KNOWN';
      /** Lower bound of the mean, basis points. */
      readonly lowerBp: number;
      /** True if spread and slippage are paid in it, so that fees alone are left. */
      readonly isAfterSpread: boolean;
      /** The estimate and its author as text. */
      readonly note: string;
    }
  | { readonly kind: 'NOT_WARM'; readonly note: string };

/**
 * The model's estimate where it may speak and its files have one: the result of such orders by their own stops, which already paid
 * for spread and slippage. Else the measured moves of the mid after triggers of this reason, which paid for nothing.
 */
export function edgeInForce(input: GateInput): EdgeInForce {
  const opinion = opinionOn(input);
  if (opinion.kind === 'SPEAKS' && opinion.edge !== undefined) {
    const { meanBp, lowerBp } = opinion.edge;
    const note = `model ${input.view.model?.name}: ${sixDigits(meanBp)} bp, at least ${sixDigits(lowerBp)} bp`;
    return { kind: 'KNOWN', lowerBp, isAfterSpread: true, note };
  }
  const { code } = input.reason;
  const measured = input.state.edges.of(code);
  if (measured === undefined) return { kind: 'NOT_WARM', note: `fewer than 30 past moves of ${code}` };
  const { meanBp, errorBp, lowerBp, newestBp, moves } = measured;
  const newest = newestBp === lowerBp ? `, the newest third of them ${sixDigits(newestBp)} bp` : '';
  return {
    kind: 'KNOWN',
    lowerBp,
    isAfterSpread: false,
    note: `${code}: ${sixDigits(meanBp)} ± ${sixDigits(errorBp)} bp of ${moves} moves${newest}`,
  };
}

import { isLoose, isSymbol, type Loose } from '../wire/field-checks.ts';
import { badField, type WireFault } from '../wire/wire-fault.ts';

/** `MARGIN_CALL`: the venue warns that these positions come near their liquidation. */
export interface MarginCallEvent {
  readonly kind: 'MARGIN_CALL';
  readonly symbols: readonly string[];
}

/** Parses the documented event. Source: developers.binance.com, USDⓈ-M, Event Margin Call. */
export function parseMarginCall({ p }: Loose): MarginCallEvent | WireFault {
  if (!Array.isArray(p)) return badField('MARGIN_CALL', 'p', p);
  const symbols = p.flatMap((row) => (isLoose(row) && isSymbol(row['s']) ? [row['s']] : []));
  return { kind: 'MARGIN_CALL', symbols };
}

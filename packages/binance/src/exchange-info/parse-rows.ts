import { isLoose, type Loose } from '../wire/field-checks.ts';
import { badField, type WireFault } from '../wire/wire-fault.ts';

/** The rows of an all-market answer: what could be read, and how much could not. */
export interface ParsedRows<T> {
  readonly kind: 'ROWS';
  readonly rows: readonly T[];
  /** Rows that could not be read, or named a symbol a second time. */
  readonly dropped: number;
  /** What was wrong with the first of them. */
  readonly firstFault: string | undefined;
}

/** Reads each row by itself: of hundreds of symbols one that is written oddly must not hide the others. Ignored rows are no faults. */
export function parseRows<T extends { readonly symbol: string }>(
  name: string,
  rows: unknown,
  parse: (row: Loose) => T | WireFault,
  isIgnored: (row: Loose) => boolean = () => false,
): ParsedRows<T> | WireFault {
  if (!Array.isArray(rows)) return badField(name, 'rows', rows);
  const bySymbol = new Map<string, T>();
  let dropped = 0;
  let firstFault: string | undefined;
  for (const row of rows) {
    if (isLoose(row) && isIgnored(row)) continue;
    const parsed = isLoose(row) ? parse(row) : badField(name, 'row', row);
    if (!isFault(parsed) && !bySymbol.has(parsed.symbol)) {
      bySymbol.set(parsed.symbol, parsed);
      continue;
    }
    dropped += 1;
    firstFault ??= isFault(parsed) ? parsed.detail : `${name}: ${parsed.symbol} is named twice`;
  }
  return { kind: 'ROWS', rows: [...bySymbol.values()], dropped, firstFault };
}

/**
 * The row of another family: all-market answers carry COIN-M rows beside USDⓈ-M ones. `st` is 1 for USDⓈ-M and 2 for COIN-M;
 * a row without it is taken.
 */
export function isForeign({ st }: Loose): boolean {
  return st !== undefined && st !== 1;
}

function isFault(parsed: object): parsed is WireFault {
  return 'kind' in parsed && parsed.kind === 'FAULT';
}

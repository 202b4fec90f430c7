import { isLoose, type Loose } from '../wire/field-checks.ts';
import { badField, type WireFault } from '../wire/wire-fault.ts';

/** The rows of an all-market answer: the parsed ones, and how many were dropped. */
export interface ParsedRows<T> {
  readonly kind: 'ROWS';
  readonly rows: readonly T[];
  /** Number of unreadable rows and of rows that repeat a symbol. */
  readonly dropped: number;
  /** The fault of the first dropped row. */
  readonly firstFault: string | undefined;
}

/** Parses each row separately, so that one bad row does not hide hundreds of symbols. Ignored rows do not count as faults. */
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
    firstFault ??= isFault(parsed) ? parsed.detail : `${name}: ${parsed.symbol} appears twice`;
  }
  return { kind: 'ROWS', rows: [...bySymbol.values()], dropped, firstFault };
}

/**
 * True for a row of another family: all-market answers hold COIN-M rows next to USDⓈ-M rows. `st` is 1 for USDⓈ-M and 2 for
 * COIN-M; a row without it counts as USDⓈ-M.
 */
export function isForeign({ st }: Loose): boolean {
  return st !== undefined && st !== 1;
}

function isFault(parsed: object): parsed is WireFault {
  return 'kind' in parsed && parsed.kind === 'FAULT';
}

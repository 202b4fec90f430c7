import { CommonStep } from '@helios/core/price/common-step.ts';
import { decimalsOf } from '@helios/core/price/decimal-text.ts';
import type { Instrument } from '@helios/shared/domain/instrument.ts';
import type { RecordingFault } from '../recording-fault.ts';
import type { ForeignFile } from './foreign-file.ts';
import type { ForeignRow } from './foreign-row.ts';
import { NotImportable } from './not-importable.ts';

/** The venue's usual minimum order value, USDT: the files do not hold it. */
const MIN_NOTIONAL = '5';

/** A file with what is known of it after one reading. */
export interface ScannedFile extends ForeignFile {
  readonly symbols: ReadonlySet<string>;
  /** Order of the first and the last row, epoch µs. */
  readonly firstUs: number;
  readonly lastUs: number;
}

/** Decimals of a symbol's ticks and steps. */
export interface SymbolDecimals {
  readonly price: number;
  readonly qty: number;
}

export interface ForeignScan {
  readonly files: readonly ScannedFile[];
  readonly instruments: readonly Instrument[];
  readonly decimals: ReadonlyMap<string, SymbolDecimals>;
}

interface Grid {
  readonly tick: CommonStep;
  readonly step: CommonStep;
}

/** Reads all files once: their symbols, times, ticks and steps. Rejects with NotImportable before anything is written. */
export async function scanForeign(files: readonly ForeignFile[], stop: AbortSignal): Promise<ForeignScan> {
  const grids = new Map<string, Grid>();
  const scanned: ScannedFile[] = [];
  for (const file of files) scanned.push(await scanFile(file, grids, stop));
  const instruments = [...grids].map(([symbol, { tick, step }]): Instrument => {
    const step_size = step.step ?? '0.001';
    return { symbol, tick_size: tick.step ?? '0.01', step_size, min_qty: step_size, min_notional: MIN_NOTIONAL };
  });
  const decimals = instruments.map(({ symbol, tick_size, step_size }) => {
    return [symbol, { price: decimalsOf(tick_size), qty: decimalsOf(step_size) }] as const;
  });
  return { files: scanned, instruments, decimals: new Map(decimals) };
}

async function scanFile(file: ForeignFile, grids: Map<string, Grid>, stop: AbortSignal): Promise<ScannedFile> {
  const symbols = new Set<string>();
  let firstUs = Number.POSITIVE_INFINITY;
  let lastUs = Number.NEGATIVE_INFINITY;
  let firstFault: RecordingFault | undefined;
  const onFault = (fault: RecordingFault): void => {
    firstFault ??= fault;
  };
  for await (const { rows } of file.rows(onFault)) {
    stop.throwIfAborted();
    for (const row of rows) {
      symbols.add(row.symbol);
      firstUs = Math.min(firstUs, row.orderUs);
      lastUs = Math.max(lastUs, row.orderUs);
      addTo(grids, row);
    }
  }
  if (symbols.size === 0) {
    const why =
      firstFault === undefined ? 'it has no rows' : `no row can be read; line ${firstFault.line}: ${firstFault.detail}`;
    throw new NotImportable(file.file, why);
  }
  return { ...file, symbols, firstUs, lastUs };
}

function addTo(grids: Map<string, Grid>, row: ForeignRow): void {
  const grid = grids.get(row.symbol) ?? { tick: new CommonStep(), step: new CommonStep() };
  grids.set(row.symbol, grid);
  const levels = row.kind === 'TRADE' ? [[row.price, row.qty] as const] : [...row.bids, ...row.asks];
  for (const [price, qty] of levels) {
    grid.tick.add(price);
    grid.step.add(qty);
  }
}

import type { Instrument } from '@helios/shared/domain/instrument.ts';

/** One instrument per symbol; if files differ, the finer tick and step, which fit both. */
export function mergeInstruments(instruments: readonly Instrument[]): readonly Instrument[] {
  const merged = new Map<string, Instrument>();
  const finer = (a: string, b: string): string => (Number(a) <= Number(b) ? a : b);
  for (const one of instruments) {
    const known = merged.get(one.symbol) ?? one;
    const tick_size = finer(known.tick_size, one.tick_size);
    const step_size = finer(known.step_size, one.step_size);
    merged.set(one.symbol, { ...known, tick_size, step_size, min_qty: step_size });
  }
  return [...merged.values()];
}

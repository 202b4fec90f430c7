import { Rng } from '@helios/synthetic-market/rng.ts';

/** One-minute candles of a lively random walk, as CSV; the same seed gives the same candles. */
export function candlesCsv(days: number, seed: string): string {
  const rng = new Rng(seed);
  const rows = ['timestamp,open,high,low,close,volume'];
  const firstMs = Date.UTC(2025, 0, 1);
  let price = 100;
  for (let minute = 0; minute < days * 1_440; minute += 1) {
    const open = price;
    price *= 1 + 0.004 * (rng.uniform() - 0.5);
    const [high, low] = [Math.max(open, price) * 1.0005, Math.min(open, price) * 0.9995];
    const texts = [open, high, low, price].map((value) => value.toFixed(3));
    rows.push([firstMs + 60_000 * minute, ...texts, Math.round(1_000 * (1 + rng.uniform()))].join(','));
  }
  return `${rows.join('\n')}\n`;
}

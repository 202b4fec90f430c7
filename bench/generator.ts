import { framesUntil } from '@helios/synthetic-market/frames-until.ts';
import { createGeneratorSource } from '@helios/synthetic-market/generator-source.ts';
import { median } from './percentile.ts';
import type { Row } from './report.ts';

const START_MS = 1_700_000_000_000;
const SECONDS = 600;
const SYMBOLS = ['BTCUSDT', 'ETHUSDT', 'SOLUSDT', 'BNBUSDT', 'XRPUSDT'];
const ROUNDS = 5;

/** Processor time of a generated message. The floor: JSON.parse of the same messages in the same run. */
export async function benchGenerator(): Promise<Row[]> {
  const made: number[] = [];
  const parsed: number[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const texts: string[] = [];
    const source = createGeneratorSource({ seed: 1, symbols: SYMBOLS, startMs: START_MS });
    const generating = process.cpuUsage();
    for await (const frame of framesUntil(source, START_MS + SECONDS * 1_000)) texts.push(frame.text);
    const generatingUs = microsecondsSince(generating);
    const parsing = process.cpuUsage();
    for (const text of texts) JSON.parse(text);
    // The first round warms up.
    if (round === 0) continue;
    made.push(generatingUs / (SYMBOLS.length * SECONDS * 10));
    parsed.push(microsecondsSince(parsing) / (SYMBOLS.length * SECONDS * 10));
  }
  const what = 'generator: step of a symbol with its trades, as text (floor: JSON.parse of the same)';
  return [{ what, value: median(made), unit: 'µs', floor: median(parsed) }];
}

function microsecondsSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

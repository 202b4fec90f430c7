import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { CommandLine } from '@helios/shared/runtime/cli/command-line.mjs';
import { constantLatency, type LatencyModel, recordedLatency, sumOfLatencies } from './order-latency.ts';

const MAX_LATENCY_MS = 60_000;

/**
 * The delays that the command line names: of the feed, and of orders.
 * @throws CommandLineError for a file without delays, and for both kinds of order delay
 */
export function readLatency(line: CommandLine, cwd: string): LatencyModel {
  const bounds = { fallback: 0, min: 0, max: MAX_LATENCY_MS };
  const feed = constantLatency(line.number('feed-latency-ms', bounds), 'until the strategy sees an event');
  const file = line.text('latency-file');
  if (file === undefined) {
    return sumOfLatencies(feed, constantLatency(line.number('latency-ms', bounds), 'from the decision to the venue'));
  }
  if (line.has('latency-ms')) throw line.problem('Name --latency-ms or --latency-file, not both.');
  return sumOfLatencies(feed, recordedLatency(samplesIn(line, resolve(cwd, file)), 'latency'));
}

function samplesIn(line: CommandLine, file: string): readonly number[] {
  const samples = textOf(line, file)
    .split('\n')
    .map((text) => text.trim())
    .filter((text) => text !== '');
  const delays = samples.map(Number);
  const wrong = delays.findIndex((ms) => !(ms >= 0 && ms <= MAX_LATENCY_MS));
  if (wrong >= 0) throw line.problem(`${file}: “${samples[wrong]}” is no delay from 0 to ${MAX_LATENCY_MS} ms.`);
  if (delays.length === 0)
    throw line.problem(`${file} holds no delays: write one number of milliseconds on each line.`);
  return delays;
}

function textOf(line: CommandLine, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw line.problem(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

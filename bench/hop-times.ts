import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { median } from './percentile.ts';
import type { Row } from './report.ts';

/** One pass through a chain, µs of the machine's steady clock. */
export interface Sample {
  readonly chain: 'real' | 'idle';
  readonly startUs: number;
  readonly endUs: number;
}

/** Points of a chain in their order; each is `hop way` as `hop-clock.ts` writes it. */
const POINTS = ['engine in', 'engine out', 'risk in', 'risk out', 'execution in', 'execution out'];
const HOPS = [
  'book published → signal-engine',
  'in signal-engine',
  'signal → risk-manager',
  'in risk-manager',
  'intent → execution-manager',
  'in execution-manager',
  'request → venue',
];

/** Where the time of the live chain goes: stamps that each process takes at its sockets. */
export class HopTimes {
  readonly #file = join(mkdtempSync(join(tmpdir(), 'helios-hops-')), 'stamps');

  /** What makes a process take stamps. `hop`: engine, risk or execution. */
  environment(hop: string): Readonly<Record<string, string>> {
    const clock = pathToFileURL(join(import.meta.dirname, 'hop-clock.ts')).href;
    return { HOP_CLOCK_FILE: this.#file, HOP_CLOCK_OF: hop, NODE_OPTIONS: `--import ${clock}` };
  }

  /** One row per hop with its medians. */
  rows(samples: readonly Sample[]): Row[] {
    const stamps = this.#read();
    const took = { real: HOPS.map((): number[] => []), idle: HOPS.map((): number[] => []) };
    for (const { chain, startUs, endUs } of samples) {
      const at = POINTS.map((point) =>
        stamps.get(`${chain} ${point}`)?.find((us) => us >= startUs && us <= endUs + 1_000),
      );
      const all = [startUs, ...at, endUs];
      for (const [i, list] of took[chain].entries()) {
        const [from, to] = [all[i], all[i + 1]];
        if (from !== undefined && to !== undefined) list.push((to - from) / 1_000);
      }
    }
    return HOPS.map((hop, i) => ({
      what: `live hop: ${hop}, p50`,
      value: median(took.real[i] ?? []),
      floor: median(took.idle[i] ?? []),
      unit: 'ms',
    }));
  }

  #read(): Map<string, number[]> {
    const stamps = new Map<string, number[]>();
    for (const line of readFileSync(this.#file, 'utf8').trim().split('\n')) {
      const [, point = '', us = ''] = /^(.*) (\d+)$/.exec(line) ?? [];
      const list = stamps.get(point) ?? [];
      list.push(Number(us));
      stamps.set(point, list);
    }
    return stamps;
  }
}

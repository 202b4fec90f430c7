import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { ExchangeStart } from '../src/exchange-start.ts';
import { type RunningExchange, startExchange } from '../src/start-exchange.ts';

/** 2026-10-07T08:34:20Z: twenty seconds into a minute. */
export const START_MS = Date.UTC(2026, 9, 7, 8, 34, 20);

/** Folder of the recorded data. */
export const DATA = process.env['HELIOS_DATA_DIR'] ?? join(import.meta.dirname, '../../../../shared/data');

/** A clock that a test sets. */
export class HandClock {
  ms = START_MS;
  readonly now = (): number => this.ms;
}

/** Registers a server to stop after the test. */
export function stopped<T extends { stop(): Promise<void> }>(server: T): T {
  onTestFinished(() => server.stop());
  return server;
}

/**
 * A venue on a hand clock, stopped after the test. Its seed begins in a lively hour: both symbols trade each second, as tests of a
 * few seconds need.
 */
export async function venueOn(clock: HandClock, options: Partial<ExchangeStart> = {}): Promise<RunningExchange> {
  const market = { kind: 'generator', seed: 13, symbols: ['BTCUSDT', 'ETHUSDT'] } as const;
  return stopped(await startExchange({ market, nowMs: clock.now, ...options }));
}

/** An answer, with its body parsed if it is JSON. */
export interface Got {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of every shape
  readonly body: any;
}

export async function get(server: { readonly url: string }, path: string, init: RequestInit = {}): Promise<Got> {
  const response = await fetch(`${server.url}${path}`, init);
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: jsonOf(text) };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Used weight of the minute, from the answer's header. */
export function usedWeight({ headers }: Got): number {
  return Number(headers.get('x-mbx-used-weight-1m'));
}

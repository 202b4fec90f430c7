import { eventually } from '@helios/shared/testing/eventually.ts';
import { createRecordingLog, type LogLine } from '@helios/shared/testing/silent-log.ts';
import { afterEach, beforeEach } from 'vitest';
import { MarketStreams, type MarketStreamsOptions } from '../src/streams/market-streams.ts';
import { startTinyVenue, type TinyVenue } from './tiny-venue.ts';

const STEP_MS = 250;
const REAL_LIMIT_MS = 15_000;

/** Callbacks of the streams, in order. */
export type StreamCallback =
  | { readonly kind: 'OPEN'; readonly streams: readonly string[] }
  | { readonly kind: 'LOST'; readonly streams: readonly string[]; readonly reason: string }
  | { readonly kind: 'FRAME'; readonly text: string; readonly ts: number };

/** Market streams on real sockets, with a clock that the test sets. */
export interface StreamsHarness {
  readonly streams: MarketStreams;
  readonly callbacks: StreamCallback[];
  readonly lines: readonly LogLine[];
  readonly running: Promise<void>;
  now(): number;
  opened(): string[];
  lost(): Extract<StreamCallback, { kind: 'LOST' }>[];
  frames(): string[];
  /** Advances the clock in ticks; sockets work in between. */
  pass(ms: number, meanwhile?: () => void): Promise<void>;
  /** Jumps the clock, as if the process had slept. */
  jump(ms: number): Promise<void>;
  /** Advances the clock until `probe` is true. */
  until(what: string, probe: () => unknown, meanwhile?: () => void): Promise<void>;
  /** Stops the streams during the wait for the next tick. */
  abort(): void;
  stop(): Promise<void>;
}

/** Gives each test of a file its own venue and streams, and checks that no socket stays open. */
export function streamsHarnessPerTest(): { readonly venue: TinyVenue; readonly harness: StreamsHarness } {
  let venue: TinyVenue;
  let harness: StreamsHarness;
  beforeEach(async () => {
    venue = await startTinyVenue();
    harness = startStreamsHarness(venue.url);
  });
  afterEach(async () => {
    await harness.stop();
    await eventually('no socket is left open', () => venue.openSockets() === 0);
    await venue.close();
  });
  return {
    get venue() {
      return venue;
    },
    get harness() {
      return harness;
    },
  };
}

export function startStreamsHarness(baseUrl: string, over: Partial<MarketStreamsOptions> = {}): StreamsHarness {
  const callbacks: StreamCallback[] = [];
  const log = createRecordingLog();
  const halt = new AbortController();
  let nowTs = 1_800_000_000_000;
  let wake: (() => void) | undefined;
  const streams = new MarketStreams({
    baseUrl,
    now: () => nowTs,
    wait: () =>
      new Promise((resolve) => {
        wake = resolve;
        if (halt.signal.aborted) resolve();
      }),
    stop: halt.signal,
    random: () => 0.5,
    log,
    onFrame: (text, ts) => void callbacks.push({ kind: 'FRAME', text, ts }),
    onOpen: (names) => void callbacks.push({ kind: 'OPEN', streams: [...names] }),
    onLost: (names, reason) => void callbacks.push({ kind: 'LOST', streams: [...names], reason }),
    ...over,
  });
  const running = streams.run();
  running.catch(() => {});

  async function step(ms: number): Promise<void> {
    nowTs += ms;
    wake?.();
    await new Promise<void>((resolve) => void setImmediate(resolve));
  }

  return {
    streams,
    callbacks,
    lines: log.lines,
    running,
    now: () => nowTs,
    opened: () => callbacks.flatMap((each) => (each.kind === 'OPEN' ? each.streams : [])),
    lost: () => callbacks.filter((each) => each.kind === 'LOST'),
    frames: () => callbacks.flatMap((each) => (each.kind === 'FRAME' ? [each.text] : [])),
    async pass(ms, meanwhile) {
      for (let passed = 0; passed < ms; passed += STEP_MS) {
        meanwhile?.();
        await step(STEP_MS);
      }
    },
    jump: step,
    async until(what, probe, meanwhile) {
      const deadline = performance.now() + REAL_LIMIT_MS;
      while (!probe()) {
        if (performance.now() > deadline) throw new Error(`did not happen: ${what}`);
        meanwhile?.();
        await step(STEP_MS);
        await new Promise<void>((resolve) => void setTimeout(resolve, 2));
      }
    },
    abort: () => halt.abort(),
    async stop() {
      halt.abort();
      wake?.();
      await running;
    },
  };
}

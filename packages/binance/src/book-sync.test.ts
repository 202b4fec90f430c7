import { OrderBook } from '@helios/core/book/order-book.ts';
import type { Level } from '@helios/shared/domain/market-data.ts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BookSync } from './book-sync.ts';
import type { DepthSnapshot } from './wire/depth-snapshot.ts';
import type { DepthUpdate } from './wire/depth-update.ts';

const stamps = { symbol: 'BTCUSDT', tsEvent: 1, tsSent: 1 };

function update(U: number, u: number, pu: number, bids: Level[] = [], asks: Level[] = []): DepthUpdate {
  return { kind: 'DEPTH_UPDATE', ...stamps, firstUpdateId: U, lastUpdateId: u, previousUpdateId: pu, bids, asks };
}

function snapshot(lastUpdateId: number, bids: Level[] = [], asks: Level[] = []): DepthSnapshot {
  return { kind: 'DEPTH_SNAPSHOT', ...stamps, lastUpdateId, bids, asks };
}

describe('BookSync follows the venue’s rule', () => {
  test('buffers, drops updates that the snapshot contains, and starts at the overlap', () => {
    const sync = new BookSync();
    const old = update(1, 5, 0);
    const overlapping = update(6, 12, 5);
    const later = update(13, 15, 12);
    for (const one of [old, overlapping, later]) expect(sync.onUpdate(one)).toEqual({ kind: 'WAIT' });
    expect(sync.onSnapshot(snapshot(10))).toEqual({
      kind: 'RESET',
      updates: [overlapping, later],
      isConnected: true,
    });
    expect(sync.isSynced).toBe(true);
    expect(sync.onUpdate(update(20, 30, 15))).toEqual({ kind: 'APPLY' });
  });

  test('a snapshot without updates waits for the first overlapping update', () => {
    const sync = new BookSync();
    expect(sync.onSnapshot(snapshot(10))).toEqual({ kind: 'RESET', updates: [], isConnected: false });
    expect(sync.isSynced).toBe(false);
    expect(sync.onUpdate(update(5, 9, 4))).toEqual({ kind: 'WAIT' });
    expect(sync.isSynced).toBe(false);
    expect(sync.onUpdate(update(9, 11, 9))).toEqual({ kind: 'APPLY' });
    expect(sync.isSynced).toBe(true);
  });

  test('an update that directly follows the snapshot joins it', () => {
    const sync = new BookSync();
    sync.onSnapshot(snapshot(10));
    expect(sync.onUpdate(update(14, 20, 10))).toEqual({ kind: 'APPLY' });
  });

  test('F27 a gap reports the expected id; a later snapshot repairs it', () => {
    const sync = new BookSync();
    sync.onUpdate(update(1, 5, 0));
    sync.onSnapshot(snapshot(5));
    expect(sync.onUpdate(update(8, 9, 7))).toEqual({ kind: 'INVALID', expected: 5, received: 7 });
    expect(sync.isSynced).toBe(false);
    const next = update(10, 12, 9);
    expect(sync.onUpdate(next)).toEqual({ kind: 'WAIT' });
    expect(sync.onSnapshot(snapshot(11))).toEqual({ kind: 'RESET', updates: [next], isConnected: true });
  });

  test('F28 a snapshot older than the buffered updates is refused, and the buffer is kept', () => {
    const sync = new BookSync();
    const first = update(20, 25, 19);
    sync.onUpdate(first);
    expect(sync.onSnapshot(snapshot(10))).toEqual({ kind: 'STALE_SNAPSHOT', lastUpdateId: 10, firstUpdateId: 20 });
    expect(sync.onSnapshot(snapshot(22))).toEqual({ kind: 'RESET', updates: [first], isConnected: true });
  });

  test('an older snapshot leaves a synced book unchanged; a later one replaces it', () => {
    const sync = new BookSync();
    sync.onUpdate(update(1, 5, 0));
    sync.onSnapshot(snapshot(3));
    expect(sync.onSnapshot(snapshot(4))).toEqual({ kind: 'WAIT' });
    expect(sync.isSynced).toBe(true);
    expect(sync.onSnapshot(snapshot(9))).toEqual({ kind: 'RESET', updates: [], isConnected: false });
    expect(sync.isSynced).toBe(false);
    expect(sync.onUpdate(update(6, 12, 5))).toEqual({ kind: 'APPLY' });
  });

  test('a duplicate of the newest update is harmless', () => {
    const sync = new BookSync();
    sync.onSnapshot(snapshot(3));
    sync.onUpdate(update(1, 5, 0));
    expect(sync.onUpdate(update(1, 5, 0))).toEqual({ kind: 'WAIT' });
    expect(sync.onUpdate(update(6, 7, 5))).toEqual({ kind: 'APPLY' });
  });
});

/** The whole history of a book: `states[id]` is the book after change `id`. */
interface Past {
  readonly changes: readonly { readonly bid: boolean; readonly level: Level }[];
  readonly states: readonly { readonly bids: Map<string, string>; readonly asks: Map<string, string> }[];
}

function live(changes: Past['changes']): Past {
  const states = [{ bids: new Map<string, string>(), asks: new Map<string, string>() }];
  for (const { bid, level } of changes) {
    const before = states[states.length - 1] ?? { bids: new Map(), asks: new Map() };
    const after = { bids: new Map(before.bids), asks: new Map(before.asks) };
    const side = bid ? after.bids : after.asks;
    if (level[1] === '0') side.delete(level[0]);
    else side.set(level[0], level[1]);
    states.push(after);
  }
  return { changes, states };
}

function diff(past: Past, from: number, to: number): DepthUpdate {
  const changed = past.changes.slice(from, to);
  const last = (bid: boolean): Level[] => [
    ...new Map(changed.filter((c) => c.bid === bid).map((c) => [c.level[0], c.level] as const)).values(),
  ];
  return update(from + 1, to, from, last(true), last(false));
}

test('split, repeated, dropped or reordered updates give the true book or none', () => {
  const change = fc.record({
    bid: fc.boolean(),
    level: fc.tuple(fc.integer({ min: 1, max: 12 }).map(String), fc.integer({ min: 0, max: 5 }).map(String)),
  });
  const fate = fc.constantFrom(
    'keep',
    'keep',
    'keep',
    'keep',
    'keep',
    'drop',
    'twice',
    'late',
    'snapshot',
    'old snapshot',
  );
  const shown = { books: 0, breaks: 0 };
  fc.assert(
    fc.property(
      fc.array(change, { minLength: 20, maxLength: 80 }),
      fc.array(fc.tuple(fc.integer({ min: 1, max: 6 }), fate), { minLength: 20, maxLength: 40 }),
      (changes, cuts) => {
        const past = live(changes);
        const messages: (DepthUpdate | DepthSnapshot)[] = [];
        let from = 0;
        for (const [size, what] of cuts) {
          const to = Math.min(from + size, changes.length);
          if (to === from) break;
          const one = diff(past, from, to);
          if (what !== 'drop') messages.push(one);
          if (what === 'twice') messages.push(one);
          if (what === 'late') messages.splice(messages.length - 2, 0, ...messages.splice(-1));
          const at = what === 'snapshot' ? from + ((size + to) % (to - from + 1)) : Math.max(0, from - 4);
          const state = past.states[at];
          if (what.endsWith('snapshot') && state) messages.push(snapshot(at, [...state.bids], [...state.asks]));
          from = to;
        }
        const sync = new BookSync();
        const book = new OrderBook();
        let at = 0;
        for (const message of messages) {
          const step = message.kind === 'DEPTH_UPDATE' ? sync.onUpdate(message) : sync.onSnapshot(message);
          if (step.kind === 'APPLY' && message.kind === 'DEPTH_UPDATE') {
            book.apply(message);
            at = message.lastUpdateId;
          } else if (step.kind === 'RESET') {
            book.reset(message);
            for (const one of step.updates) book.apply(one);
            at = step.updates.at(-1)?.lastUpdateId ?? message.lastUpdateId;
          } else if (step.kind === 'INVALID') shown.breaks += 1;
          if (!sync.isSynced) continue;
          shown.books += 1;
          const truth = past.states[at];
          const top = book.top(100);
          expect(new Map(top.bids)).toEqual(truth?.bids);
          expect(new Map(top.asks)).toEqual(truth?.asks);
        }
      },
    ),
    { numRuns: 500 },
  );
  expect(shown.books).toBeGreaterThan(500);
  expect(shown.breaks).toBeGreaterThan(50);
});

import { describe, expect, test } from 'vitest';
import { CoverHarness, LONG } from './cover-harness.ts';

const SHORT = { side: 'SHORT', quantity: 2, stopPrice: 105 } as const;

describe('a stop of a position', () => {
  test('is placed at once, reduces the whole position, and covers it once the venue shows it', () => {
    const h = new CoverHarness();
    h.want(LONG);
    expect(h.said()).toEqual(['place he-s1 SELL 0.3 @ 95']);
    expect(h.cover.state()).toMatchObject({ state: 'PLACING', stop_price: 95, quantity: 0, bare_since_ts: h.nowMs });
    h.shows('he-s1', 'NEW');
    expect(h.cover.state()).toEqual({ state: 'COVERED', stop_price: 95, quantity: 0.3 });
    h.pass(60_000);
    expect(h.said()).toEqual([]);
    expect(h.demand).toBeUndefined();
  });

  test('buys for a short', () => {
    const h = new CoverHarness();
    h.want(SHORT);
    expect(h.said()).toEqual(['place he-s1 BUY 2 @ 105']);
  });

  test('moves without a bare moment: the old one goes after the venue shows the new one', () => {
    const h = new CoverHarness();
    h.covered();
    h.pass(1_000);
    h.want({ ...LONG, stopPrice: 96 });
    expect(h.said()).toEqual(['place he-s2 SELL 0.3 @ 96']);
    expect(h.state).toBe('COVERED');
    h.shows('he-s2', 'NEW');
    expect(h.said()).toEqual(['cancel he-s1']);
    expect(h.cover.state()).toEqual({ state: 'COVERED', stop_price: 96, quantity: 0.3 });
    h.shows('he-s1', 'CANCELED');
    h.pass(60_000);
    expect(h.said()).toEqual([]);
  });

  test('moves at most once a second', () => {
    const h = new CoverHarness();
    h.covered();
    h.pass(1_000);
    h.want({ ...LONG, stopPrice: 96 });
    h.shows('he-s2', 'NEW');
    h.said();
    h.want({ ...LONG, stopPrice: 97 });
    expect(h.said()).toEqual([]);
    h.pass(1_000);
    expect(h.said()).toContain('place he-s3 SELL 0.3 @ 97');
  });

  test('of the other side is removed when the position turns', () => {
    const h = new CoverHarness();
    h.covered();
    h.want(SHORT);
    expect(h.said()).toEqual(['cancel he-s1', 'place he-s2 BUY 2 @ 105']);
    expect(h.state).toBe('PLACING');
  });

  test('is removed once the position is flat, again and again until the venue says so', () => {
    const h = new CoverHarness();
    h.covered();
    h.want(undefined);
    expect(h.said()).toEqual(['cancel he-s1']);
    h.pass(1_000);
    expect(h.said()).toEqual(['cancel he-s1']);
    h.shows('he-s1', 'CANCELED');
    h.pass(60_000);
    expect(h.said()).toEqual([]);
    expect(h.cover.state()).toBeUndefined();
  });
});

describe('F7 and L5: a refused stop', () => {
  test('is tried three times with a new id each, then the position must be closed, and attempts become rare', () => {
    const h = new CoverHarness();
    h.want(LONG);
    for (const id of ['he-s1', 'he-s2', 'he-s3']) {
      expect(h.said()).toEqual([`place ${id} SELL 0.3 @ 95`]);
      h.shows(id, 'REJECTED', { code: '-4120', message: 'Order type not supported' });
    }
    expect(h.said()).toEqual([]);
    expect(h.cover.closeDemand()).toMatchObject({ code: 'STOP_REFUSED' });
    expect(h.cover.closeDemand()?.reason).toContain('-4120 Order type not supported');
    h.pass(4_900);
    expect(h.said()).toEqual([]);
    h.pass(100);
    expect(h.said()).toEqual(['place he-s4 SELL 0.3 @ 95']);
    h.shows('he-s4', 'NEW');
    expect(h.demand).toBeUndefined();
  });

  test('because the price is beyond it: closes at once', () => {
    const h = new CoverHarness();
    h.want(LONG);
    h.shows('he-s1', 'REJECTED', { code: '-2021' });
    expect(h.demand).toBe('STOP_PASSED');
  });

  test('because nothing is open: the account is read', () => {
    const h = new CoverHarness();
    h.want(LONG);
    h.said();
    h.shows('he-s1', 'REJECTED', { code: '-2022' });
    expect(h.said()).toContain('TAKE_SNAPSHOT');
  });

  test('L4: because of the price band: goes half as far away', () => {
    const h = new CoverHarness();
    h.mark(100);
    h.want(LONG);
    h.said();
    h.shows('he-s1', 'REJECTED', { code: '-4131' });
    expect(h.said()).toEqual(['place he-s2 SELL 0.3 @ 97.5']);
    h.shows('he-s2', 'NEW');
    h.pass(5_000);
    expect(h.said()).toEqual([]);
    expect(h.cover.state()).toMatchObject({ state: 'COVERED', stop_price: 97.5 });
  });
});

describe('F8 and L3: a stop that the venue does not find', () => {
  test('is asked for at a falling rate, even if every question is answered with absence at once', () => {
    const h = new CoverHarness();
    h.covered();
    h.cover.onSnapshot([], h.nowMs + 1, h.nowMs + 2);
    let questions = 0;
    for (let steps = 0; steps < 600; steps += 1) {
      h.pass(100);
      // The venue's adapter answers a question about the order of a stop as one about the stop.
      for (let asked = h.said(); asked.length > 0; asked = h.said()) {
        questions += asked.length;
        expect(questions).toBeLessThan(60);
        for (const _ of asked) h.absent('he-s1');
      }
    }
    expect(questions).toBeGreaterThan(5);
  });

  /** Every question is answered with absence, every 100 ms, until a stop is placed; returns the time. */
  function untilPlaced(h: CoverHarness, maxMs: number): number | undefined {
    for (let ms = 0; ms <= maxMs; ms += 100) {
      for (const line of h.said()) {
        if (line.startsWith('place')) return ms;
        if (line.startsWith('query he-')) h.absent(line.slice('query '.length));
      }
      h.pass(100);
    }
    return undefined;
  }

  test('after it was shown is asked for in both families, and replaced within two seconds', () => {
    const h = new CoverHarness();
    h.covered();
    h.cover.onSnapshot([], h.nowMs + 1, h.nowMs);
    expect(h.cover.takeCommands().map(({ kind }) => kind)).toEqual(['QUERY_ORDER', 'QUERY_STOP']);
    h.absent('he-s1');
    expect(untilPlaced(h, 2_000)).toBeLessThan(1_500);
    h.shows('he-s2', 'NEW');
    expect(h.said()).toEqual(['cancel he-s1']);
    expect(h.state).toBe('COVERED');
    expect(h.demand).toBeUndefined();
  });

  test('is removed if the venue shows it again beside its replacement', () => {
    const h = new CoverHarness();
    h.covered();
    h.absent('he-s1');
    untilPlaced(h, 2_000);
    h.shows('he-s2', 'NEW');
    h.absent('he-s1');
    h.said();
    h.pass(2_000);
    h.cover.onSnapshot([h.shown('he-s1', 'NEW'), h.shown('he-s2', 'NEW')], h.nowMs, h.nowMs);
    expect(h.said()).toContain('cancel he-s1');
    h.shows('he-s1', 'CANCELED');
    expect(h.state).toBe('COVERED');
  });

  test('is replaced once: a venue that hides every stop does not collect them, and the price is watched', () => {
    const h = new CoverHarness();
    h.covered();
    h.absent('he-s1');
    untilPlaced(h, 2_000);
    h.shows('he-s2', 'NEW');
    h.absent('he-s2');
    expect(untilPlaced(h, 300_000)).toBeUndefined();
    expect(h.state).toBe('UNKNOWN');
    expect(h.demand).toBeUndefined();
    h.shows('he-s2', 'NEW');
    expect(h.state).toBe('COVERED');
  });

  test('is not replaced while the venue does not answer', () => {
    const h = new CoverHarness();
    h.covered();
    h.absent('he-s1');
    h.pass(500);
    h.unknown('he-s1');
    h.pass(60_000);
    expect(h.said().filter((line) => line.startsWith('place'))).toEqual([]);
  });

  test('is replaced by watching the price', () => {
    const h = new CoverHarness();
    h.covered();
    h.absent('he-s1');
    h.mark(95.01);
    expect(h.demand).toBeUndefined();
    h.mark(95);
    expect(h.demand).toBe('STOP_PASSED');
    h.mark(99);
    expect(h.demand).toBe('STOP_PASSED');
    h.want(undefined);
    expect(h.demand).toBeUndefined();
  });

  test('is asked for less and less often', () => {
    const h = new CoverHarness();
    h.covered();
    h.said();
    h.absent('he-s1');
    h.pass(600_000);
    expect(h.said().length).toBeLessThan(40);
  });

  test('a snapshot that was asked for before the venue showed the stop proves nothing', () => {
    const h = new CoverHarness();
    const asked = h.nowMs;
    h.pass(100);
    h.covered();
    h.cover.onSnapshot([], asked, h.nowMs);
    expect(h.state).toBe('COVERED');
  });
});

describe('a placement without an answer', () => {
  test('is asked for after a second; absent, it goes out again under the same id', () => {
    const h = new CoverHarness();
    h.want(LONG);
    h.said();
    h.pass(1_000);
    expect(h.said()).toEqual(['query he-s1']);
    h.absent('he-s1');
    expect(h.said()).toEqual(['place he-s1 SELL 0.3 @ 95']);
    h.shows('he-s1', 'NEW');
    expect(h.state).toBe('COVERED');
  });

  test('F19: absent right after the placement proves nothing', () => {
    const h = new CoverHarness();
    h.want(LONG);
    h.said();
    h.unknown('he-s1');
    expect(h.said()).toEqual(['query he-s1']);
    h.absent('he-s1');
    h.pass(500);
    expect(h.said().filter((line) => line.startsWith('place'))).toEqual([]);
  });

  test('a duplicate means that the stop exists', () => {
    const h = new CoverHarness();
    h.want(LONG);
    h.pass(1_000);
    h.absent('he-s1');
    h.said();
    h.shows('he-s1', 'REJECTED', { code: '-4116' });
    h.pass(300);
    expect(h.said()).toEqual(['query he-s1']);
    h.shows('he-s1', 'NEW');
    expect(h.state).toBe('COVERED');
  });

  test('F13: the position is closed after two seconds if the venue answers and has no stop', () => {
    const h = new CoverHarness();
    h.want(LONG);
    h.pass(1_000);
    h.absent('he-s1');
    h.pass(900);
    expect(h.demand).toBeUndefined();
    h.pass(100);
    expect(h.demand).toBe('STOP_DEADLINE');
  });

  test('the position is closed after thirty seconds if the venue says nothing', () => {
    const h = new CoverHarness();
    h.want(LONG);
    h.pass(29_900);
    expect(h.demand).toBeUndefined();
    h.pass(100);
    expect(h.demand).toBe('STOP_UNCONFIRMED');
  });

  test('that did not go out is sent again under the same id when it may, with what is needed then', () => {
    const h = new CoverHarness();
    h.want(LONG);
    h.said();
    h.notSent('he-s1', 500);
    expect(h.state).toBe('UNCOVERED');
    h.want({ ...LONG, quantity: 0.5 });
    h.pass(400);
    expect(h.said()).toEqual([]);
    h.pass(100);
    expect(h.said()).toEqual(['place he-s1 SELL 0.5 @ 95']);
  });

  test('that did not go out is forgotten once the position is flat', () => {
    const h = new CoverHarness();
    h.want(LONG);
    h.notSent('he-s1', 500);
    h.said();
    h.want(undefined);
    h.pass(60_000);
    expect(h.said()).toEqual([]);
  });

  test('is removed as soon as the venue shows it, if the position is flat by then', () => {
    const h = new CoverHarness();
    h.want(LONG);
    h.said();
    h.want(undefined);
    expect(h.said()).toEqual([]);
    h.shows('he-s1', 'NEW');
    expect(h.said()).toEqual(['cancel he-s1']);
  });
});

describe('a stop that triggers', () => {
  test('closes the position: nothing else is demanded while its fills are under way', () => {
    const h = new CoverHarness();
    h.covered();
    h.mark(94.9);
    h.shows('he-s1', 'TRIGGERING');
    h.mark(94.8);
    h.pass(500);
    h.shows('he-s1', 'TRIGGERED');
    h.pass(500);
    h.shows('he-s1', 'FINISHED');
    h.pass(500);
    expect(h.demand).toBeUndefined();
    h.want(undefined);
    expect(h.said()).toEqual([]);
  });

  test('F9: stuck in TRIGGERING for more than a second: closes at the market', () => {
    const h = new CoverHarness();
    h.covered();
    h.shows('he-s1', 'TRIGGERING');
    h.pass(1_100);
    expect(h.demand).toBeUndefined();
    h.pass(100);
    expect(h.demand).toBe('STOP_STUCK');
  });

  test('F10: rejected as it triggers: closes at once', () => {
    const h = new CoverHarness();
    h.covered();
    h.shows('he-s1', 'TRIGGERING');
    h.shows('he-s1', 'REJECTED', { code: '-2019', message: 'Margin is insufficient.' });
    expect(h.cover.closeDemand()).toMatchObject({ code: 'STOP_REJECTED' });
    expect(h.cover.closeDemand()?.reason).toContain('Margin is insufficient');
  });

  test('F10: its order is rejected: closes at once', () => {
    const h = new CoverHarness();
    h.covered();
    h.shows('he-s1', 'TRIGGERED');
    const event = {
      kind: 'REJECTED',
      client_order_id: 'he-s1',
      ts_event: h.nowMs,
      code: '-2019',
      message: '',
    } as const;
    h.cover.onNews({ kind: 'ORDER', symbol: 'BTCUSDT', event }, h.nowMs);
    expect(h.demand).toBe('STOP_REJECTED');
  });

  test('F11: its order does not fill: closes at the market', () => {
    const h = new CoverHarness();
    h.covered();
    h.shows('he-s1', 'TRIGGERED');
    h.pass(1_200);
    expect(h.demand).toBe('STOP_UNFILLED');
  });

  test('F11: its order ended and left a part open: closes it', () => {
    const h = new CoverHarness();
    h.covered();
    h.shows('he-s1', 'TRIGGERED');
    h.shows('he-s1', 'FINISHED');
    h.want({ ...LONG, quantity: 0.1 });
    h.mark(94);
    h.pass(900);
    expect(h.demand).toBeUndefined();
    h.pass(200);
    expect(h.demand).toBe('STOP_PASSED');
  });

  test('does not trigger although the price is beyond it: closes after a second', () => {
    const h = new CoverHarness();
    h.covered();
    for (let i = 0; i < 3; i += 1) {
      expect(h.demand).toBeUndefined();
      h.mark(94);
      h.pass(400);
    }
    expect(h.demand).toBe('STOP_NOT_TRIGGERED');
  });

  test('L2: its order is found in the other family', () => {
    const h = new CoverHarness();
    h.covered();
    h.absent('he-s1');
    expect(h.said()).toContain('query order he-s1');
    const ofOrder = { client_order_id: 'he-s1', ts_event: h.nowMs };
    h.cover.onNews({ kind: 'ORDER', symbol: 'BTCUSDT', event: { kind: 'ACCEPTED', ...ofOrder } }, h.nowMs);
    h.mark(90);
    expect(h.demand).toBeUndefined();
    h.pass(3_000);
    expect(h.demand).toBe('STOP_UNFILLED');
  });
});

describe('F12 and F17: reports', () => {
  test('come twice without effect', () => {
    const h = new CoverHarness();
    h.covered();
    h.shows('he-s1', 'NEW');
    h.shows('he-s1', 'NEW');
    expect(h.said()).toEqual([]);
    expect(h.state).toBe('COVERED');
  });

  test('that arrive late do not open a stop again', () => {
    const h = new CoverHarness();
    h.covered();
    h.want(undefined);
    h.shows('he-s1', 'CANCELED');
    h.shows('he-s1', 'NEW');
    h.said();
    h.pass(10_000);
    expect(h.said()).toEqual([]);
  });
});

describe('F14: a stop of ours without a position', () => {
  test('that a snapshot shows is removed, a foreign one is not', () => {
    const h = new CoverHarness();
    h.want(undefined);
    const foreign = h.shown('web_1', 'NEW', { quantity: 1 });
    h.cover.onSnapshot([h.shown('he-old', 'NEW', { quantity: 1 }), foreign], h.nowMs, h.nowMs);
    expect(h.said()).toEqual(['cancel he-old']);
  });

  test('that comes back after its removal is removed again', () => {
    const h = new CoverHarness();
    h.covered();
    h.want(undefined);
    h.shows('he-s1', 'CANCELED');
    h.said();
    h.pass(1_000);
    h.cover.onSnapshot([h.shown('he-s1', 'NEW')], h.nowMs, h.nowMs);
    expect(h.said()).toEqual(['cancel he-s1']);
  });

  test('that neither a query nor a snapshot finds is not asked for any more', () => {
    const h = new CoverHarness();
    h.covered();
    h.want(undefined);
    h.said();
    h.pass(100);
    h.absent('he-s1');
    h.cover.onSnapshot([], h.nowMs, h.nowMs);
    h.said();
    h.pass(60_000);
    expect(h.said()).toEqual([]);
  });
});

describe('F15 and L10: the size of a stop', () => {
  test('grows with each partial fill, and does not wait for the answer to a smaller one', () => {
    const h = new CoverHarness();
    h.want({ ...LONG, quantity: 0.1 });
    h.want({ ...LONG, quantity: 0.2 });
    expect(h.said()).toEqual(['place he-s1 SELL 0.1 @ 95', 'place he-s2 SELL 0.2 @ 95']);
    h.shows('he-s1', 'NEW');
    expect(h.said()).toEqual([]);
    expect(h.cover.state()).toMatchObject({ state: 'PLACING', quantity: 0.1 });
    h.shows('he-s2', 'NEW');
    expect(h.said()).toEqual(['cancel he-s1']);
    expect(h.cover.state()).toEqual({ state: 'COVERED', stop_price: 95, quantity: 0.2 });
  });

  test('follows a burst of fills with two stops at once, not with one for each', () => {
    const h = new CoverHarness();
    for (const quantity of [0.1, 0.2, 0.3, 0.4]) h.want({ ...LONG, quantity });
    expect(h.said()).toEqual(['place he-s1 SELL 0.1 @ 95', 'place he-s2 SELL 0.2 @ 95']);
    h.shows('he-s1', 'NEW');
    expect(h.said()).toEqual(['place he-s3 SELL 0.4 @ 95']);
    h.shows('he-s3', 'NEW');
    h.shows('he-s2', 'NEW');
    expect(h.said()).toEqual(['cancel he-s1', 'cancel he-s2']);
  });

  test('shrinks with a partial exit', () => {
    const h = new CoverHarness();
    h.covered();
    h.pass(1_000);
    h.want({ ...LONG, quantity: 0.1 });
    expect(h.said()).toEqual(['place he-s2 SELL 0.1 @ 95']);
    expect(h.state).toBe('COVERED');
  });

  test('is what the venue shows: it shrinks a reduce-only quantity by itself', () => {
    const h = new CoverHarness();
    h.covered();
    h.pass(1_000);
    h.cover.onSnapshot([h.shown('he-s1', 'NEW', { quantity: 0.1 })], h.nowMs, h.nowMs);
    expect(h.said()).toEqual(['place he-s2 SELL 0.3 @ 95']);
    expect(h.cover.state()).toMatchObject({ state: 'PLACING', quantity: 0.1 });
  });
});

describe('a stop that somebody else removes', () => {
  test('is replaced, but not for ever', () => {
    const h = new CoverHarness();
    h.covered();
    h.shows('he-s1', 'CANCELED');
    expect(h.said()).toEqual(['place he-s2 SELL 0.3 @ 95']);
    for (const id of ['he-s2', 'he-s3']) {
      h.shows(id, 'NEW');
      h.shows(id, 'CANCELED');
    }
    expect(h.demand).toBe('STOP_REFUSED');
  });
});

describe('F21: after a restart', () => {
  test('the stop of the earlier process is kept, and its id is not used again', () => {
    const h = new CoverHarness();
    const old = h.shown('he-s1', 'NEW', { quantity: 0.3, triggerPrice: 95 });
    h.cover.onSnapshot([old], h.nowMs, h.nowMs);
    expect(h.said()).toEqual([]);
    h.want(LONG);
    expect(h.said()).toEqual([]);
    expect(h.state).toBe('COVERED');
    h.pass(1_000);
    h.want({ ...LONG, stopPrice: 96 });
    expect(h.said()).toEqual(['place he-s2 SELL 0.3 @ 96']);
  });

  test('a stop that has trailed is not moved back', () => {
    const h = new CoverHarness();
    h.cover.onSnapshot([h.shown('he-old', 'NEW', { quantity: 0.3, triggerPrice: 97 })], h.nowMs, h.nowMs);
    h.want(LONG);
    h.pass(5_000);
    expect(h.said()).toEqual([]);
    expect(h.cover.state()).toMatchObject({ state: 'COVERED', stop_price: 97 });
    h.want({ ...LONG, quantity: 0.4 });
    expect(h.said()).toEqual(['place he-s1 SELL 0.4 @ 97']);
  });

  test('of several the fitting one stays', () => {
    const h = new CoverHarness();
    const stops = [
      h.shown('he-a', 'NEW', { quantity: 0.2, triggerPrice: 94 }),
      h.shown('he-b', 'NEW', { quantity: 0.3, triggerPrice: 95 }),
      h.shown('he-c', 'NEW', { quantity: 0.3, triggerPrice: 95 }),
    ];
    h.cover.onSnapshot(stops, h.nowMs, h.nowMs);
    h.want(LONG);
    expect(h.said()).toEqual(['cancel he-a', 'cancel he-c']);
  });
});

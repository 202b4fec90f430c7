import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type StreamRequest, Subscriptions } from './subscriptions.ts';

const name = (at: number) => `s${at}usdt@depth`;

/** Sends requests and answers them until none is left. */
function settle(subscriptions: Subscriptions, venue: Set<string>, isBad: (name: string) => boolean = () => false) {
  const requests: StreamRequest[] = [];
  for (;;) {
    const request = subscriptions.nextRequest(0);
    if (request === undefined) return requests;
    requests.push(request);
    if (request.names.some(isBad)) subscriptions.refused(request.id, 0);
    else {
      for (const each of request.names) request.method === 'SUBSCRIBE' ? venue.add(each) : venue.delete(each);
      subscriptions.accepted(request.id, 0);
    }
    if (requests.length > 1_000) throw new Error('the requests never end');
  }
}

test('F31 after any sequence of wanted sets, the venue has exactly the wanted streams, and never exceeds the limit', () => {
  const requests = fc.array(fc.uniqueArray(fc.integer({ min: 0, max: 299 }), { maxLength: 200 }), { maxLength: 6 });
  fc.assert(
    fc.property(requests, (rounds) => {
      const wanted = new Set<string>();
      const venue = new Set<string>();
      const subscriptions = new Subscriptions(wanted);
      for (const round of rounds) {
        const next = new Set(round.map(name));
        const gone = [...wanted].filter((each) => !next.has(each));
        for (const each of gone) wanted.delete(each);
        for (const each of next) wanted.add(each);
        subscriptions.drop(gone);
        for (const { names } of settle(subscriptions, venue)) expect(names.length).toBeLessThanOrEqual(100);
        expect([...venue].sort()).toEqual([...wanted].sort());
        expect(subscriptions.openNames().sort()).toEqual([...wanted].sort());
        expect(subscriptions.isSettled).toBe(true);
      }
    }),
    { numRuns: 50 },
  );
});

test('whichever names the venue refuses, all others are subscribed, and refused ones wait for ten minutes', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 199 }), { maxLength: 8 }), (bad) => {
      const wanted = new Set(Array.from({ length: 200 }, (_, at) => name(at)));
      const venue = new Set<string>();
      const subscriptions = new Subscriptions(wanted);
      const badNames = new Set(bad.map(name));
      const requests = settle(subscriptions, venue, (each) => badNames.has(each));
      expect(venue.size).toBe(200 - bad.length);
      expect(requests.length).toBeLessThanOrEqual(2 + bad.length * 16);
      expect(subscriptions.isSettled).toBe(true);
      expect(subscriptions.nextRequest(599_999)).toBeUndefined();
      expect(subscriptions.nextRequest(600_000) !== undefined).toBe(bad.length > 0);
    }),
    { numRuns: 50 },
  );
});

test('a name that is dropped before its answer is unsubscribed after it, and never reported as open', () => {
  const wanted = new Set(['a', 'b']);
  const subscriptions = new Subscriptions(wanted);
  const request = subscriptions.nextRequest(0);
  wanted.delete('a');
  subscriptions.drop(['a']);
  expect(subscriptions.open('a', 1)).toBe(false);
  expect(subscriptions.accepted(request?.id ?? 0, 1)).toEqual(['b']);
  expect(subscriptions.nextRequest(2)).toMatchObject({ method: 'UNSUBSCRIBE', names: ['a'] });
});

test('a name that is wanted again during its unsubscription waits for that answer', () => {
  const wanted = new Set(['a']);
  const subscriptions = new Subscriptions(wanted);
  subscriptions.accepted(subscriptions.nextRequest(0)?.id ?? 0, 0);
  subscriptions.drop(['a']);
  const leaving = subscriptions.nextRequest(0);
  expect(leaving?.method).toBe('UNSUBSCRIBE');
  expect(subscriptions.nextRequest(0)).toBeUndefined();
  expect(subscriptions.open('a', 0)).toBe(false);
  subscriptions.accepted(leaving?.id ?? 0, 0);
  expect(subscriptions.nextRequest(0)).toMatchObject({ method: 'SUBSCRIBE', names: ['a'] });
});

test('a request is overdue after the limit, and an answer with an unknown id changes nothing', () => {
  const subscriptions = new Subscriptions(new Set(['a']));
  const request = subscriptions.nextRequest(10);
  expect(subscriptions.overdue(5_009, 5_000)).toBeUndefined();
  expect(subscriptions.overdue(5_010, 5_000)).toBe(request);
  expect(subscriptions.accepted(99, 0)).toEqual([]);
  expect(subscriptions.refused(99, 0)).toEqual([]);
  expect(subscriptions.get('a')?.phase).toBe('ASKED');
});

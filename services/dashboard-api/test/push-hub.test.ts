import { expect, test } from 'vitest';
import { createPushHub, type PushClient } from '../src/push/push-hub.ts';

function aClient() {
  const client = {
    texts: [] as string[],
    full: false,
    allowed: true,
    ended: false,
    write: (text: string) => void client.texts.push(text),
    isFull: () => client.full,
    isAllowed: () => client.allowed,
    end: () => {
      client.ended = true;
    },
  };
  return client satisfies PushClient;
}

function aHub() {
  let value = 0;
  let reads = 0;
  const hub = createPushHub([
    {
      name: 'prices',
      pace: 'fast',
      read: async () => {
        reads += 1;
        return { value };
      },
    },
  ]);
  const set = (next: number) => {
    value = next;
  };
  return { hub, set, reads: () => reads };
}

test('a slow page skips what it could not receive and gets the newest', async () => {
  const { hub, set } = aHub();
  const client = aClient();
  hub.add(client);
  await hub.round(0);
  client.full = true;
  for (const value of [1, 2, 3]) {
    set(value);
    await hub.round(value * 250);
  }
  expect(client.texts).toHaveLength(1);
  client.full = false;
  await hub.round(1_000);
  expect(client.texts).toHaveLength(2);
  expect(client.texts[1]).toBe('event: prices\ndata: {"value":3}\n\n');
});

test('time alone is not sent, but a page that opens later gets the present time', async () => {
  let clock = 1;
  const read = async () => ({ clock_ts: clock, bid: '100' });
  const hub = createPushHub([{ name: 'prices', pace: 'fast', read, growing: ['clock_ts'] }]);
  const early = aClient();
  const late = aClient();
  hub.add(early);
  await hub.round(0);
  clock = 600_001;
  hub.add(late);
  await hub.round(250);
  expect(early.texts).toHaveLength(1);
  expect(late.texts[0]).toContain('data: {"clock_ts":600001,"bid":"100"}');
});

test('a page that reads nothing for fifteen seconds is disconnected, the others are not', async () => {
  const { hub } = aHub();
  const slow = aClient();
  const other = aClient();
  hub.add(slow);
  hub.add(other);
  slow.full = true;
  await hub.round(0);
  await hub.round(14_999);
  expect(slow.ended).toBe(false);
  await hub.round(15_000);
  expect([slow.ended, other.ended]).toEqual([true, false]);
  expect(hub.clients()).toBe(1);
});

test('a quiet stream sends a beat every ten seconds', async () => {
  const { hub } = aHub();
  const client = aClient();
  hub.add(client);
  await hub.round(0);
  await hub.round(9_999);
  expect(client.texts).toHaveLength(1);
  await hub.round(10_000);
  expect(client.texts[1]).toBe('event: beat\ndata: {}\n\n');
});

test('nothing is read without a page, and the number of pages is limited', async () => {
  const { hub, reads } = aHub();
  await hub.round(0);
  expect(reads()).toBe(0);
  const added = Array.from({ length: 31 }, () => hub.add(aClient()));
  expect(added.filter(Boolean)).toHaveLength(30);
});

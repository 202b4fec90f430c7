import { expect, test } from 'vitest';
import { SignedClient } from './signed-client.ts';
import { get, HandClock, venueOn } from './venue-client.ts';

const KEYS = ['A', 'B'].map((letter) => ({ apiKey: letter.repeat(64), apiSecret: letter.repeat(32) }));
const ACCOUNTS = KEYS.map((key, index) => ({ id: index === 0 ? 'one' : 'two', keys: [key], balance: '10000' }));

async function tradingVenue() {
  const clock = new HandClock();
  const venue = await venueOn(clock, { accounts: ACCOUNTS });
  const [one, two] = KEYS.map((key) => new SignedClient(venue, key, clock.now)) as [SignedClient, SignedClient];
  const control = (path: string) => get({ url: venue.controlUrl }, path);
  return { venue, one, two, control };
}

test('the ledger tells every event in order, money as text, of one account or all', async () => {
  const { one, two, control } = await tradingVenue();
  await one.order({ side: 'BUY', type: 'MARKET', quantity: '0.010' });
  await two.order({ side: 'SELL', type: 'MARKET', quantity: '0.010' });
  const { last_seq, entries } = (await control('/control/ledger')).body;
  expect([last_seq, entries.length]).toEqual([6, 6]);
  expect(
    entries.map(({ seq, account, kind, execution }: Record<string, unknown>) => [seq, account, kind, execution]),
  ).toEqual(
    ['one', 'two'].flatMap((account, index) => [
      [3 * index + 1, account, 'ORDER', 'NEW'],
      [3 * index + 2, account, 'BALANCE', undefined],
      [3 * index + 3, account, 'ORDER', 'TRADE'],
    ]),
  );
  const { wallet, positions } = entries[1];
  const { fill } = entries[2];
  expect(positions).toMatchObject([{ symbol: 'BTCUSDT', quantity: '0.010', cost: fill.value }]);
  expect((Number(wallet) + Number(fill.commission)).toFixed(8)).toBe('10000.00000000');
  expect(fill.commission).toMatch(/^0\.\d{8}$/);
  const after = (await control('/control/ledger?after=4&account=two&limit=1')).body;
  expect(after).toEqual({ last_seq: 6, entries: [entries[4]] });
  expect((await control('/control/ledger?after=6')).body.entries).toEqual([]);
});

test.each([
  ['/control/ledger?after=-1', 400, 'after is a whole number from 0, not “-1”.'],
  ['/control/ledger?after=x', 400, 'after is a whole number'],
  ['/control/ledger?limit=0', 400, 'limit is a whole number from 1 to 10000'],
  ['/control/ledger?account=three', 404, 'There is no account three. Known: one, two.'],
  ['/control/book?symbol=NONE', 404, 'There is no symbol NONE. Known: BTCUSDT, ETHUSDT.'],
])('%s gets %i and the way out', async (path, status, why) => {
  const { control } = await tradingVenue();
  const got = await control(path);
  expect([got.status, got.body.error]).toEqual([status, expect.stringContaining(why)]);
});

test('the page is on both ports, and everything that it reads is there', async () => {
  const { venue, control } = await tradingVenue();
  const page = await control('/');
  expect(page).toMatchObject({ status: 200, text: expect.stringContaining('<title>Local exchange</title>') });
  expect((await get(venue, '/')).text).toBe(page.text);
  const paths = new Set([...page.text.matchAll(/\/control\/[a-z]+/g)].map(([path]) => path));
  expect([...paths].toSorted()).toEqual(['/control/accounts', '/control/book', '/control/clock', '/control/faults']);
  for (const path of paths) expect((await control(path)).status).toBe(200);
  const book = (await control('/control/book?symbol=ETHUSDT')).body;
  expect([book.symbols, book.bids.length, book.asks.length]).toEqual([['BTCUSDT', 'ETHUSDT'], 10, 10]);
});

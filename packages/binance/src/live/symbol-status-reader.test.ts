import type { VenueNews } from '@helios/core/live/venue-port.ts';
import type { Listing } from '@helios/core/selection/market-survey.ts';
import { describe, expect, it } from 'vitest';
import { SymbolStatusReader, symbolStatusOf } from './symbol-status-reader.ts';

const NOW_MS = 1_800_000_000_000;
const NEVER_MS = 4_133_404_800_000;
const BTC = new Set(['BTCUSDT']);

const listing = (status: string, deliveryTs = NEVER_MS): Listing =>
  ({ symbol: 'BTCUSDT', status, deliveryTs, contractType: 'PERPETUAL' }) as Listing;

describe('what the list says of a symbol', () => {
  it.each([
    ['trades', listing('TRADING'), { canEnter: true }],
    ['is halted: nothing is closed for it', listing('TRADING_HALT'), { canEnter: false }],
    ['does not trade yet', listing('PENDING_TRADING'), { canEnter: false }],
    ['has an unknown word', listing('NEW_WORD'), { canEnter: false }],
    ['has an end', listing('TRADING', NOW_MS + 5), { canEnter: false, closeBeforeTs: NOW_MS + 5 }],
    ['is halted with an end', listing('TRADING_HALT', NOW_MS + 5), { canEnter: false, closeBeforeTs: NOW_MS + 5 }],
    ['is about to settle', listing('PRE_SETTLE', NOW_MS + 5), { canEnter: false, closeBeforeTs: NOW_MS }],
    ['settles', listing('SETTLING'), { canEnter: false, closeBeforeTs: NOW_MS }],
    ['is closed', listing('CLOSE', NOW_MS - 5), { canEnter: false, closeBeforeTs: NOW_MS - 5 }],
    ['has no date', listing('TRADING', 0), { canEnter: true }],
  ])('%s', (_name, row, expected) => {
    const { kind: _kind, symbol: _symbol, status: _status, ...said } = symbolStatusOf('BTCUSDT', row, NOW_MS);
    expect(said).toEqual(expected);
  });

  it('has no row of it, which may be unreadable: nothing is closed', () => {
    const news = { kind: 'SYMBOL_STATUS', symbol: 'BTCUSDT', status: 'NOT_LISTED', canEnter: false };
    expect(symbolStatusOf('BTCUSDT', undefined, NOW_MS)).toEqual(news);
  });
});

function opened() {
  const venue = { rows: [listing('TRADING')], isDown: false, asked: 0 };
  const told: VenueNews[] = [];
  const failures: string[] = [];
  const reader = new SymbolStatusReader({
    requests: {
      async send() {
        venue.asked += 1;
        if (venue.isDown) return { kind: 'FAILURE', code: 'NETWORK', detail: 'down', advice: '' } as never;
        return { kind: 'OK', value: { listings: { rows: venue.rows } } } as never;
      },
    },
    onNews: (news) => told.push(news),
    onLimits() {},
    onFailure: (detail) => failures.push(detail),
  });
  const look = async (nowMs: number) => {
    if (reader.isDue(BTC, nowMs)) await reader.read(BTC, nowMs);
  };
  return { venue, told, failures, reader, look };
}

const refused = (code: string): VenueNews => ({
  ...{ kind: 'ORDER', symbol: 'BTCUSDT' },
  event: { kind: 'REJECTED', client_order_id: 'he-1', ts_event: 1, code, message: 'told so' },
});

describe('the reader', () => {
  it('reads every three minutes, and tells only what changed', async () => {
    const { venue, told, look } = opened();
    for (let nowMs = 0; nowMs < 360_000; nowMs += 250) await look(nowMs);
    expect([venue.asked, told.length]).toEqual([2, 1]);
    venue.rows = [listing('SETTLING')];
    await look(360_000);
    expect(told.at(-1)).toMatchObject({ status: 'SETTLING', closeBeforeTs: 360_000 });
  });

  it('asks for nothing while no symbol matters', () => {
    expect(opened().reader.isDue(new Set(), 0)).toBe(false);
  });

  it.each(['-4140', '-4108', '-1121'])('reads soon after a refusal with %s, but not again and again', async (code) => {
    const { venue, reader, look } = opened();
    await look(0);
    for (let nowMs = 250; nowMs <= 10_000; nowMs += 250) {
      reader.onNews(refused(code));
      await look(nowMs);
    }
    expect(venue.asked).toBe(3);
  });

  it('is not bothered by other refusals', async () => {
    const { venue, reader, look } = opened();
    await look(0);
    reader.onNews(refused('-2019'));
    await look(10_000);
    expect(venue.asked).toBe(1);
  });

  it('changes nothing on a failure, says it once, and tries again', async () => {
    const { venue, told, failures, look } = opened();
    venue.isDown = true;
    for (let nowMs = 0; nowMs < 20_000; nowMs += 250) await look(nowMs);
    expect([venue.asked, told.length, failures.length]).toEqual([4, 0, 1]);
    venue.isDown = false;
    await look(20_000);
    expect(told).toHaveLength(1);
  });
});

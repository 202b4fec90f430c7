import type { MarketSource } from '@helios/market-data/source.ts';
import { expect, test } from 'vitest';
import { ExchangeMarket } from './exchange-market.ts';

const START_MS = 1_700_000_000_000;

/** Two frames a second apart, then a fault of the source. */
const brokenSource: MarketSource = {
  instruments: async () => [],
  history: async () => [],
  async *frames() {
    yield { tsReceived: START_MS, text: '{}' };
    yield { tsReceived: START_MS + 1_000, text: '{}' };
    throw new Error('the recording is damaged');
  },
};

test('a broken source makes every later call fail, unlike a recording that ended', async () => {
  let nowMs = START_MS;
  const market = await ExchangeMarket.start({
    source: brokenSource,
    nowMs: () => nowMs,
    leadMs: 0,
    speed: 1,
    atEnd: 'hold',
  });
  nowMs += 10_000;
  await expect(market.advance()).rejects.toThrow('the recording is damaged');
  await expect(market.advance()).rejects.toThrow('the recording is damaged');
});

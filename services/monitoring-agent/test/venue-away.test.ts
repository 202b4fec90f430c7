import { Channels, Records, Streams } from '@helios/shared/contracts/catalog.ts';
import type { VenueStatus } from '@helios/shared/domain/venue-status.ts';
import { aBook, T0 } from '@helios/shared/testing/builders.ts';
import { expect, test } from 'vitest';
import { startAgent } from './start-agent.ts';

const banned: VenueStatus = {
  state: 'BANNED',
  problem: 'GET /fapi/v1/depth answered 418.',
  advice: 'Leave the venue alone until the ban ends.',
  away_since_ts: T0,
};

const inPublic = { mode: { mode: 'public', network: 'mainnet', run: 'public:mainnet' } } as const;

test.each(['DOWN', 'LIMITED', 'GEO_BLOCKED', 'BANNED', 'GARBAGE'] as const)(
  'a venue that is away (%s) raises one alert with its advice, and none for the streams that stop because of it',
  async (state) => {
    const { ingestor, tick, alerts, page, wall } = await startAgent(inPublic);
    await ingestor.write((batch) => batch.setRecord(Records.venueStatus, { ...banned, state }));
    for (let second = 0; second < 100; second += 10) await tick(10_000);
    expect(await alerts()).toEqual(['VENUE_AWAY RAISED public-price-ingestor']);
    const [alert] = await page.getLatest(Streams.alerts, 1);
    expect(alert).toMatchObject({
      message: `The venue is unavailable since 2023-11-14 22:14:00 UTC: ${state}, GET /fapi/v1/depth answered 418.`,
      action: 'Leave the venue alone until the ban ends.',
    });
    await ingestor.write((batch) => batch.setRecord(Records.venueStatus, { state: 'ANSWERING' }));
    await tick(11_000);
    expect((await alerts()).slice(1)).toEqual(['VENUE_AWAY RESOLVED public-price-ingestor']);
    // The books had their time to come back: now their silence is an alert.
    await ingestor.write((batch) =>
      batch.publish(Channels.bookSamples, aBook({ symbol: 'BTCUSDT', ts_event: wall.now() }), { symbol: 'BTCUSDT' }),
    );
    await tick(25_000);
    expect((await alerts()).slice(2)).toEqual(['STREAM_STALE RAISED public-price-ingestor']);
    expect((await page.getLatest(Streams.alerts, 1))[0]?.message).toMatch(
      /^ETHUSDT has had no order book for \d+ s\.$/,
    );
  },
);

test('a new cause repeats the same alert', async () => {
  const { ingestor, tick, alerts } = await startAgent(inPublic);
  await ingestor.write((batch) => batch.setRecord(Records.venueStatus, { ...banned, state: 'DOWN' }));
  await tick(1_000);
  await ingestor.write((batch) => batch.setRecord(Records.venueStatus, banned));
  await tick(31_000);
  expect(await alerts()).toEqual([
    'VENUE_AWAY RAISED public-price-ingestor',
    'VENUE_AWAY REPEATED public-price-ingestor',
  ]);
});

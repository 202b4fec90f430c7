import { expect, test } from 'vitest';
import { LiveHarness } from '../testing/live-harness.ts';
import type { VenueNews } from './venue-port.ts';

/** The harness with a switch that loses all news but acknowledgements. */
function deafTo(style: 'taker' | 'maker') {
  const live = new LiveHarness({ entry_style: style, order_timeout_ms: 5_000, maker_timeout_ms: 60_000 }).start();
  const lost = { isOn: false };
  const isTold = (news: VenueNews) =>
    news.kind !== 'POSITION' && (news.kind !== 'ORDER' || news.event.kind === 'ACCEPTED');
  const takeNews = live.venue.takeNews.bind(live.venue);
  live.venue.takeNews = () => takeNews().filter((news) => !lost.isOn || isTold(news));
  return { live, lost };
}

test('an acknowledged order whose fill nobody told is asked for at once', () => {
  const { live, lost } = deafTo('taker');
  lost.isOn = true;
  live.enter('a');
  lost.isOn = false;
  live.run(2_000);
  expect([live.position, live.venue.stops.quantity()]).toEqual([1, 1]);
  expect(live.maxBareMs).toBeLessThanOrEqual(1_000);
});

test('a resting order whose fill nobody told is asked for once the market has passed its price', () => {
  const { live, lost } = deafTo('maker');
  live.enter('a').run(300);
  lost.isOn = true;
  live.venue.move(-1, live.nowMs);
  live.settle();
  lost.isOn = false;
  live.run(2_000);
  expect([live.position, live.venue.stops.quantity()]).toEqual([1, 1]);
  expect(live.maxBareMs).toBeLessThanOrEqual(1_500);
});

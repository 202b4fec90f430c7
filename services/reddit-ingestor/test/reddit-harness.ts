import { type RedditStart, type RunningReddit, startReddit } from '@helios/fake-sites/reddit.ts';
import type { RedditComment, RedditPost } from '@helios/fake-sites/reddit-things.ts';
import { Lists, Rankings, Records } from '@helios/shared/contracts/catalog.ts';
import type { SentimentState } from '@helios/shared/domain/market-state.ts';
import type { ScoredItem } from '@helios/shared/domain/scored-item.ts';
import type { Settings } from '@helios/shared/domain/settings.ts';
import { defaultSettings } from '@helios/shared/testing/builders.ts';
import { createFakeRedis, type FakeRedisWithBuses } from '@helios/shared/testing/fake-bus.ts';
import { createFakeClock, type FakeClock } from '@helios/shared/testing/fake-clock.ts';
import { type ServiceUnderTest, startOnFakeBus } from '@helios/shared/testing/start-on-fake-bus.ts';
import { redditIngestor } from '../src/service.ts';

export const HOUR = 3_600_000;

let ids = 0;
/** A post of an hour ago, with unique words. */
export function aPost(clock: FakeClock, fields: Partial<RedditPost> = {}): RedditPost {
  ids += 1;
  return {
    id: `p${ids}`,
    subreddit: 'CryptoCurrency',
    title: `Bitcoin is bullish, reason ${ids} of ${ids * 7}`,
    selftext: '',
    score: 10,
    num_comments: 0,
    created_utc: (clock.now() - HOUR) / 1_000 - ids,
    ...fields,
  };
}

export function aComment(clock: FakeClock, body: string, fields: Partial<RedditComment> = {}): RedditComment {
  ids += 1;
  return { id: `c${ids}`, body, score: 3, created_utc: clock.now() / 1_000 - 600, ...fields };
}

/** Time of five rounds, for requests that must not happen. */
export const severalRounds = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 100));

export const many = <T>(count: number, make: () => T): T[] => Array.from({ length: count }, make);

/** reddit-ingestor on the fake bus beside a local Reddit; a round every 20 ms. */
export interface RedditHarness {
  readonly reddit: RunningReddit;
  readonly clock: FakeClock;
  readonly fake: FakeRedisWithBuses;
  start(settings?: Partial<Settings['reddit']>): Promise<ServiceUnderTest<'reddit-ingestor'>>;
  sentiment(symbol: string): Promise<SentimentState | undefined>;
  stored(): Promise<ScoredItem[]>;
  stop(): Promise<void>;
}

export async function startRedditHarness(options: Partial<RedditStart> = {}): Promise<RedditHarness> {
  const clock = createFakeClock();
  const fake = createFakeRedis();
  const reddit = await startReddit({ posts: [], nowMs: clock.now, ...options });
  const running: ServiceUnderTest<'reddit-ingestor'>[] = [];
  const bus = fake.bus('reddit-ingestor');
  const reader = fake.bus('signal-engine');
  await fake
    .bus('data-ingestor')
    .write((batch) => batch.setRanking(Rankings.watchlist, { BTCUSDT: 3, SOLUSDT: 2, '1000PEPEUSDT': 1 }));
  return {
    reddit,
    clock,
    fake,
    async start(settings = {}) {
      const own = {
        enabled: true,
        client_id: 'test-id',
        client_secret: 'test-secret',
        subreddits: ['CryptoCurrency', 'Bitcoin'],
        auth_url: reddit.url,
        api_url: reddit.url,
        poll_interval_sec: 0.02,
        usual_tone: 0.18,
        request_timeout_ms: 10_000,
        ...settings,
      };
      const service = await startOnFakeBus(redditIngestor, { fake, clock, settings: defaultSettings({ reddit: own }) });
      running.push(service);
      return service;
    },
    sentiment: (symbol) => reader.getRecord(Records.sentiment, { symbol }),
    stored: () => bus.getList(Lists.redditItems, 10_000),
    async stop() {
      for (const service of running) await service.stop();
      await reddit.stop();
    },
  };
}

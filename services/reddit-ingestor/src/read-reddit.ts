import { createHttpClient } from '@helios/shared/runtime/http-client.ts';
import { createRedisOutage } from '@helios/shared/runtime/redis-outage.ts';
import type { ServiceContext } from '@helios/shared/runtime/service.ts';
import { waitFor } from '@helios/shared/runtime/wait-for.ts';
import { ItemIntake } from './item-intake.ts';
import { RedditClient } from './reddit-client.ts';
import { RedditRounds } from './reddit-round.ts';
import { RedditTrouble } from './reddit-trouble.ts';
import { RequestPace } from './request-pace.ts';
import { restoreItems, writeSentiment } from './write-sentiment.ts';

type Context = ServiceContext<'reddit-ingestor', 'reddit'>;

/** The user agent if the settings give none. */
const USER_AGENT = 'node:helios:0.1.0 (reads crypto subreddits for sentiment)';

/** Maximum size of an answer: a page of a hundred long posts has four megabytes. */
const LARGEST_BODY = 16 * 1_048_576;
/** Time between two log lines with the counts of taken and dropped items. */
const LOG_EVERY_MS = 3_600_000;

/** Reads Reddit round by round until it is stopped. Writes sentiment after each successful round. */
export async function readReddit({ bus, clock, log, settings }: Context, stop: AbortSignal): Promise<void> {
  const { reddit } = settings;
  const trouble = new RedditTrouble(log);
  if (reddit.client_id === '' || reddit.client_secret === '') {
    trouble.noCredentials();
    return;
  }
  const now = () => clock.now();
  const itemIntake = new ItemIntake(reddit);
  const pace = new RequestPace();
  const access = {
    authUrl: withoutSlash(reddit.auth_url),
    apiUrl: withoutSlash(reddit.api_url),
    clientId: reddit.client_id,
    clientSecret: reddit.client_secret,
    userAgent: reddit.user_agent || USER_AGENT,
    timeoutMs: reddit.request_timeout_ms,
  };
  const http = createHttpClient({ maxBytes: LARGEST_BODY });
  stop.addEventListener('abort', () => http.close(), { once: true });
  const client = new RedditClient(access, pace, now, http);
  const { subreddits, comment_threads: commentThreads } = reddit;
  const rounds = new RedditRounds({ client, pace, itemIntake, subreddits, commentThreads, now });
  const redis = retryingRedis(log);
  await redis('restore', async () => {
    const restored = await restoreItems(bus, itemIntake);
    log.info({ subreddits, restored }, 'reading Reddit');
  });
  let loggedMs = now();
  while (!stop.aborted) {
    const report = await rounds.round();
    if (stop.aborted) return;
    trouble.onRound(report);
    log.debug({ read: report.read, items: itemIntake.book.size }, 'Reddit round finished');
    if (Math.abs(now() - loggedMs) >= LOG_EVERY_MS) {
      loggedMs = now();
      log.info(
        { held: itemIntake.book.size, ...itemIntake.counts() },
        'posts and comments since the start, by outcome',
      );
    }
    // Without an answer the written sentiment stays; it becomes neutral when it is too old.
    if (report.read > 0) await redis('write', () => writeSentiment(bus, itemIntake, stampAt(now())));
    // A round that comes too early for Reddit ends before its first request.
    await waitFor(reddit.poll_interval_sec * 1_000, stop);
  }
}

function stampAt(nowMs: number) {
  return { source: 'reddit', itemsNowMs: nowMs, nowMs, keepsTones: true };
}

function withoutSlash(url: string): string {
  return url.replace(/\/+$/, '');
}

/** Runs work that needs Redis. Skips it while Redis is away, with one warning. Throws any other error. */
export function retryingRedis(log: Context['log']): (what: string, work: () => Promise<void>) => Promise<void> {
  const outage = createRedisOutage(log, { begun: 'sentiment waits for redis' });
  return async (what, work) => void (await outage.attempt(work, { job: what }));
}

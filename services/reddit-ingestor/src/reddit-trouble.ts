import type { Logger } from '@helios/shared/runtime/service.ts';
import type { Failure } from './reddit-answer.ts';
import type { RoundReport } from './reddit-round.ts';

const CREDENTIALS_HELP =
  'Check REDDIT_CLIENT_ID and REDDIT_CLIENT_SECRET (of your app at reddit.com/prefs/apps, approved for the API), or set REDDIT_ENABLED=false. Sentiment stays neutral, trading continues.';

const SAID: Readonly<Record<Exclude<Failure, 'CLOSED' | 'FORBIDDEN' | 'STOPPED' | 'BAD_CREDENTIALS'>, string>> = {
  BLOCKED:
    'Reddit blocks this program (because of its network or user agent), or all subreddits are closed. Check REDDIT_USER_AGENT and REDDIT_SUBREDDITS. Helios retries with growing pauses.',
  RATE_LIMITED:
    'Reddit limits the request rate; Helios continues when Reddit allows it. Read fewer subreddits or poll less often.',
  SERVER_ERROR: 'Reddit has a server error; Helios retries by itself.',
  NOT_JSON: 'Reddit’s answer is not JSON, for example a proxy’s or a block page; Helios retries by itself.',
  TOO_LARGE: 'Reddit’s answer is too large; Helios dropped it.',
  TIMEOUT: 'Reddit gave no complete answer in time; Helios retries by itself.',
  UNREACHABLE:
    'Reddit cannot be reached. Check the network, REDDIT_API_URL and REDDIT_AUTH_URL. Helios retries by itself.',
};

/** Logs each trouble once, and its end. */
export class RedditTrouble {
  readonly #log: Logger;
  readonly #closed = new Set<string>();
  #current: Failure | undefined;

  constructor(log: Logger) {
    this.#log = log;
  }

  /** Reports missing credentials. */
  noCredentials(): void {
    this.#log.error(
      { code: 'REDDIT_CREDENTIALS' },
      `REDDIT_ENABLED is true, but the client id or the secret is missing. ${CREDENTIALS_HELP}`,
    );
  }

  onRound({ read, failures }: RoundReport): void {
    for (const { failure, detail, subreddit } of failures) {
      if (failure === 'CLOSED' || failure === 'FORBIDDEN') this.#closedOnce(subreddit, detail);
      else if (failure !== 'STOPPED') this.#tellOnce(failure, detail);
    }
    const open = failures.filter(({ failure }) => failure !== 'CLOSED' && failure !== 'FORBIDDEN');
    if (read === 0 || open.length > 0 || this.#current === undefined) return;
    this.#log.info({ after: this.#current }, 'Reddit is read again');
    this.#current = undefined;
  }

  #tellOnce(failure: Exclude<Failure, 'CLOSED' | 'FORBIDDEN' | 'STOPPED'>, detail: string): void {
    if (this.#current === failure) return;
    this.#current = failure;
    if (failure === 'BAD_CREDENTIALS') {
      const refused = 'Reddit refuses the credentials; Helios retries every ten minutes.';
      this.#log.error({ code: 'REDDIT_CREDENTIALS', detail }, `${refused} ${CREDENTIALS_HELP}`);
    } else this.#log.warn({ code: `REDDIT_${failure}`, detail }, SAID[failure]);
  }

  #closedOnce(subreddit: string | undefined, detail: string): void {
    if (subreddit === undefined || this.#closed.has(subreddit)) return;
    this.#closed.add(subreddit);
    this.#log.warn(
      { code: 'REDDIT_CLOSED', subreddit, detail },
      'this subreddit cannot be read: it is private, banned or misspelt; take it out of REDDIT_SUBREDDITS',
    );
  }
}

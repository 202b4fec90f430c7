import type { Logger } from '@helios/shared/runtime/service.ts';
import type { Failure } from './reddit-answer.ts';
import type { RoundReport } from './reddit-round.ts';

const CREDENTIALS_HELP =
  'Check REDDIT_CLIENT_ID and REDDIT_CLIENT_SECRET (an app you made at reddit.com/prefs/apps, and approved for the API), or set REDDIT_ENABLED=false. Sentiment stays neutral, trading goes on.';

const SAID: Readonly<Record<Exclude<Failure, 'CLOSED' | 'FORBIDDEN' | 'STOPPED' | 'BAD_CREDENTIALS'>, string>> = {
  BLOCKED:
    'Reddit turns this program away, as it does with some networks and user agents, or lets none of the subreddits be read. Look at REDDIT_USER_AGENT and REDDIT_SUBREDDITS; it is asked again, ever more rarely.',
  RATE_LIMITED: 'Reddit wants fewer requests; they go on when it says so. Read fewer subreddits or poll less often.',
  SERVER_ERROR: 'Reddit has a fault of its own; it is tried again by itself.',
  NOT_JSON:
    'Reddit answered with something that is no JSON, as a proxy or a block page does; it is tried again by itself.',
  TOO_LARGE: 'Reddit’s answer was too large and was dropped.',
  TIMEOUT: 'Reddit gave no whole answer in time; it is tried again by itself.',
  UNREACHABLE:
    'Reddit cannot be reached; look at the network, or at REDDIT_API_URL and REDDIT_AUTH_URL. It is tried again by itself.',
};

/** Says each trouble once, and when it is over. */
export class RedditTrouble {
  readonly #log: Logger;
  readonly #closed = new Set<string>();
  #current: Failure | undefined;

  constructor(log: Logger) {
    this.#log = log;
  }

  /** There are no credentials at all. */
  noCredentials(): void {
    this.#log.error(
      { code: 'REDDIT_CREDENTIALS' },
      `Reddit is to be read, but there is no client id or no secret. ${CREDENTIALS_HELP}`,
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
      const refused = 'Reddit refuses the credentials; it is asked again every ten minutes.';
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

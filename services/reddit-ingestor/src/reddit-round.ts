import type { ItemIntake } from './item-intake.ts';
import { parseComments, parseNamed, parsePosts, type Things } from './parse-things.ts';
import type { FailedAnswer, Failure, RedditAnswer } from './reddit-answer.ts';
import type { RedditClient } from './reddit-client.ts';
import type { RequestPace } from './request-pace.ts';
import { RisingThreads } from './rising-threads.ts';

const PAGE = '100';
/** Maximum number of things in one request by name. */
const MAX_NAMES = 100;
/** Maximum number of pages of `new`; a further page is read only if everything on the last one was new. */
const MAX_PAGES = 3;

/** True for a thing that cannot be read while others may be readable. */
const isShut = ({ failure }: { readonly failure: Failure }): boolean => failure === 'CLOSED' || failure === 'FORBIDDEN';

/** The result of one round through all subreddits. */
export interface RoundReport {
  /** Number of successful requests. */
  readonly read: number;
  readonly failures: readonly {
    readonly failure: Failure;
    readonly detail: string;
    readonly subreddit: string | undefined;
  }[];
}

export interface RoundParts {
  readonly client: RedditClient;
  readonly pace: RequestPace;
  readonly itemIntake: ItemIntake;
  readonly subreddits: readonly string[];
  /** Number of threads whose comments are read in a round. */
  readonly commentThreads: number;
  readonly now: () => number;
}

/** Reads `new`, `hot` and the comments of rising posts of each subreddit, and checks known items for deletion. */
export class RedditRounds {
  readonly #parts: RoundParts;
  readonly #threads = new RisingThreads();
  /** Position of an interrupted round; the next round continues there. */
  #first = 0;
  /** Known items still to be checked in this turn; then all items are due again. */
  #unchecked: string[] = [];
  #read = 0;
  #failures: RoundReport['failures'][number][] = [];

  constructor(parts: RoundParts) {
    this.#parts = parts;
  }

  /** Runs one round; ends early if Reddit asks for a pause. */
  async round(): Promise<RoundReport> {
    this.#read = 0;
    this.#failures = [];
    const { subreddits, commentThreads, now } = this.#parts;
    const order = [...subreddits.slice(this.#first), ...subreddits.slice(0, this.#first)];
    for (const subreddit of order) {
      if (!this.#mayAsk()) break;
      this.#first = (this.#first + 1) % subreddits.length;
      await this.#readNew(subreddit);
      await this.#readPage(subreddit, 'hot', {});
    }
    for (const { id, subreddit } of this.#threads.pick(commentThreads, now())) await this.#readComments(id, subreddit);
    await this.#askAfterHeld();
    this.#backOffWhereAllIsShut();
    return { read: this.#read, failures: this.#failures };
  }

  /** If no subreddit can be read, Reddit blocks this program, not the subreddits. */
  #backOffWhereAllIsShut(): void {
    const { subreddits, pace, now } = this.#parts;
    const shut = this.#failures.filter(isShut);
    if (this.#read > 0 || new Set(shut.map(({ subreddit }) => subreddit)).size < subreddits.length) return;
    pace.onFailure('BLOCKED', now());
    const [first] = shut;
    if (first && shut.every(({ failure }) => failure === 'FORBIDDEN'))
      this.#failures = [{ ...first, failure: 'BLOCKED' }];
  }

  /** Reads pages until one contains a known item. */
  async #readNew(subreddit: string): Promise<void> {
    let after: string | undefined;
    for (let page = 0; page < MAX_PAGES; page += 1) {
      const things = await this.#readPage(subreddit, 'new', after === undefined ? {} : { after });
      if (things === undefined || things.after === undefined || things.fresh < things.items.length) return;
      after = things.after;
    }
  }

  async #readPage(
    subreddit: string,
    order: 'new' | 'hot',
    query: Readonly<Record<string, string>>,
  ): Promise<(Things & { fresh: number }) | undefined> {
    const answer = await this.#ask(`/r/${encodeURIComponent(subreddit)}/${order}`, { limit: PAGE, ...query });
    if (answer?.kind !== 'OK') {
      if (answer) this.#failed(answer, subreddit);
      return undefined;
    }
    const things = parsePosts(answer.body);
    this.#threads.see(things.items);
    return { ...things, fresh: this.#hear(things) };
  }

  async #readComments(id: string, subreddit: string): Promise<void> {
    const path = `/r/${encodeURIComponent(subreddit)}/comments/${id.replace(/^t3_/, '')}`;
    const answer = await this.#ask(path, { limit: PAGE, depth: '5', sort: 'new' });
    if (answer === undefined) return;
    if (answer.kind === 'OK') {
      this.#hear(parseComments(answer.body));
      this.#threads.wasRead(id);
    } else if (isShut(answer)) this.#threads.isGone(id);
    else this.#failed(answer, subreddit);
  }

  /** Checks known items for deletion, with one request per round: listings do not show deleted items. */
  async #askAfterHeld(): Promise<void> {
    if (this.#unchecked.length === 0) this.#unchecked = this.#parts.itemIntake.book.ids();
    const names = this.#unchecked.slice(0, MAX_NAMES);
    if (names.length === 0) return;
    const answer = await this.#ask('/api/info', { id: names.join() });
    if (answer === undefined) return;
    if (answer.kind === 'OK') {
      this.#unchecked = this.#unchecked.slice(names.length);
      this.#hear(parseNamed(answer.body));
    } else if (isShut(answer)) this.#parts.itemIntake.count('UNCHECKED', names.length);
    else this.#failed(answer, undefined);
  }

  #hear({ items, malformed }: Things): number {
    const { itemIntake, now } = this.#parts;
    itemIntake.count('MALFORMED', malformed);
    return itemIntake.hear(items, now());
  }

  /** `undefined` if Reddit asks for a pause. */
  async #ask(path: string, query: Readonly<Record<string, string>>): Promise<RedditAnswer | undefined> {
    if (!this.#mayAsk()) return undefined;
    const answer = await this.#parts.client.get(path, query);
    if (answer.kind === 'OK') this.#read += 1;
    return answer;
  }

  #failed({ failure, detail }: FailedAnswer, subreddit: string | undefined): void {
    this.#failures.push({ failure, detail, subreddit });
  }

  #mayAsk(): boolean {
    return this.#parts.pace.waitMs(this.#parts.now()) === 0;
  }
}

import { Channels, Rankings } from '../contracts/catalog.ts';
import { skipWhileAway } from './redis-outage.ts';
import { createSerialQueue } from './serial-queue.ts';

type Symbols = Iterable<string>;

interface FollowOptions {
  /** Subscribes to a symbol's channels. If it failed half-way, `leave` runs before the next try. */
  readonly join: (symbol: string) => Promise<void>;
  readonly leave: (symbol: string) => Promise<void>;
  /** Runs once new symbols are subscribed, before the next change. If it rejects, it runs again at the next call. */
  readonly onNew?: (symbols: readonly string[]) => Promise<void>;
}

/** Keeps subscriptions in step with a changing set of symbols. */
export interface SymbolFollower {
  /**
   * Follows exactly the symbols that `wanted` returns. Calls `wanted` when earlier changes are done.
   * @throws BusUnavailable if Redis goes away half-way: call again to complete the change.
   */
  follow(wanted: () => Symbols | Promise<Symbols>): Promise<void>;
  /** The symbols that are subscribed. */
  followed(): string[];
}

/** HALF: only some channels are subscribed. JOINED: all are, but `onNew` has not run. */
type Subscription = 'HALF' | 'JOINED' | 'READY';

export function createSymbolFollower({ join, leave, onNew }: FollowOptions): SymbolFollower {
  const inTurn = createSerialQueue();
  const subscriptions = new Map<string, Subscription>();

  async function drop(symbol: string): Promise<void> {
    subscriptions.set(symbol, 'HALF');
    await leave(symbol);
    subscriptions.delete(symbol);
  }

  async function add(symbol: string): Promise<void> {
    const known = subscriptions.get(symbol);
    if (known === 'JOINED' || known === 'READY') return;
    // A channel subscribed twice would deliver each message twice.
    if (known === 'HALF') await drop(symbol);
    subscriptions.set(symbol, 'HALF');
    await join(symbol);
    subscriptions.set(symbol, 'JOINED');
  }

  async function change(wanted: ReadonlySet<string>): Promise<void> {
    for (const symbol of [...subscriptions.keys()]) if (!wanted.has(symbol)) await drop(symbol);
    for (const symbol of wanted) await add(symbol);
    const fresh = [...wanted].filter((symbol) => subscriptions.get(symbol) === 'JOINED');
    if (fresh.length === 0) return;
    await onNew?.(fresh);
    for (const symbol of fresh) subscriptions.set(symbol, 'READY');
  }

  return {
    follow: (wanted) => inTurn(async () => change(new Set(await wanted()))),
    followed: () => [...subscriptions].filter(([, state]) => state !== 'HALF').map(([symbol]) => symbol),
  };
}

/** The part of a bus that reads the watchlist; every reader's bus has it. */
interface WatchlistBus {
  getRanking(entry: typeof Rankings.watchlist): Promise<{ member: string }[]>;
  subscribe(
    entry: typeof Channels.watchlistChanges,
    handler: (change: { readonly symbols: readonly string[] }) => void,
  ): Promise<void>;
}

/** The watched symbols, best first. @throws BusUnavailable */
export async function readWatchlist(bus: Pick<WatchlistBus, 'getRanking'>): Promise<string[]> {
  return (await bus.getRanking(Rankings.watchlist)).map(({ member }) => member);
}

interface WatchlistOptions extends FollowOptions {
  readonly bus: WatchlistBus;
  /** Runs with each list before it is followed. */
  readonly onWatchlist?: (symbols: readonly string[]) => void;
  /** Runs with each list once it is followed. */
  readonly onFollowed?: (symbols: readonly string[]) => Promise<void>;
}

/** Keeps subscriptions in step with the watchlist. */
export interface WatchlistFollower {
  /** Subscribes to the changes of the list, then reads it. @throws BusUnavailable */
  start(): Promise<void>;
  /** Reads the list again and follows it: for `onReconnect`. @throws BusUnavailable */
  reload(): Promise<void>;
  /** Completes changes that an outage interrupted. @throws BusUnavailable */
  catchUp(): Promise<void>;
  followed(): string[];
}

export function createWatchlistFollower(options: WatchlistOptions): WatchlistFollower {
  const { bus, onWatchlist, onFollowed } = options;
  const follower = createSymbolFollower(options);
  let list: readonly string[] = [];

  /** Applies changes one after the other, so that the newest list stays. */
  async function change(next: () => readonly string[] | Promise<readonly string[]>): Promise<void> {
    let symbols: readonly string[] = [];
    await follower.follow(async () => {
      symbols = await next();
      list = symbols;
      onWatchlist?.(symbols);
      return symbols;
    });
    await onFollowed?.(symbols);
  }

  const reload = () => change(() => readWatchlist(bus));

  return {
    async start() {
      await bus.subscribe(Channels.watchlistChanges, ({ symbols }) => {
        // If Redis is away, `catchUp` and `reload` apply the change later.
        void skipWhileAway(() => change(() => symbols));
      });
      await reload();
    },
    reload,
    catchUp: () => follower.follow(() => list),
    followed: () => follower.followed(),
  };
}

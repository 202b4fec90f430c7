import { Channels, Rankings } from '../contracts/catalog.ts';
import { skipWhileAway } from './redis-outage.ts';
import { createSerialQueue } from './serial-queue.ts';

type Symbols = Iterable<string>;

interface FollowOptions {
  /** Subscribes to a symbol's channels. Where it was broken off half-way, `leave` runs before it runs again. */
  readonly join: (symbol: string) => Promise<void>;
  readonly leave: (symbol: string) => Promise<void>;
  /** Runs once new symbols are subscribed, in the same turn; rejected, it runs again at the next call. */
  readonly onNew?: (symbols: readonly string[]) => Promise<void>;
}

/** Keeps subscriptions on a set of symbols that changes. */
export interface SymbolFollower {
  /**
   * Follows exactly the symbols that `wanted` names, which is asked when the changes before are done.
   * @throws BusUnavailable where Redis went away half-way: call again, and what is missing is done.
   */
  follow(wanted: () => Symbols | Promise<Symbols>): Promise<void>;
  /** The symbols that are subscribed. */
  followed(): string[];
}

/** HALF: only some channels are subscribed. JOINED: all are, `onNew` has not run. */
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
    // A channel subscribed to twice would be heard twice.
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

/** What is needed of a bus to know the watchlist; every reader's bus has it. */
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

/** Keeps subscriptions on the symbols of the watchlist. */
export interface WatchlistFollower {
  /** Subscribes to the changes of the list, then reads it. @throws BusUnavailable */
  start(): Promise<void>;
  /** Reads the list again and follows it: for `onReconnect`. @throws BusUnavailable */
  reload(): Promise<void>;
  /** Does what an outage has left undone. @throws BusUnavailable */
  catchUp(): Promise<void>;
  followed(): string[];
}

export function createWatchlistFollower(options: WatchlistOptions): WatchlistFollower {
  const { bus, onWatchlist, onFollowed } = options;
  const follower = createSymbolFollower(options);
  let list: readonly string[] = [];

  /** One change after the other, so that the list heard of last is the one that stays. */
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
        // Where Redis went away, `catchUp` and `reload` do it.
        void skipWhileAway(() => change(() => symbols));
      });
      await reload();
    },
    reload,
    catchUp: () => follower.follow(() => list),
    followed: () => follower.followed(),
  };
}

import { Streams } from '@helios/shared/contracts/catalog.ts';
import type { ClosedTrade } from '@helios/shared/domain/position.ts';
import type { Bus } from '@helios/shared/runtime/bus.ts';

const LIMIT = Streams.trades.maxLength;
/** Redis trims a stream by whole nodes, so it may hold some more than its limit. */
const MAX_READ = LIMIT + 1_000;

const idOf = ({ exit_signal_id }: ClosedTrade): string => exit_signal_id;

/** What the stream `trades` holds, and how it is compared with the ledger: Kelly and the page read it. */
export class ShownTrades {
  readonly #bus: Bus<'decision-logger'>;
  #count = 0;
  #first: string | undefined;
  #last: string | undefined;

  constructor(bus: Bus<'decision-logger'>) {
    this.#bus = bus;
  }

  /**
   * Reads the stream and compares it with the newest trades of the ledger, oldest first.
   * @returns those that it lacks at its end; undefined where it is no gapless part of them, each once
   */
  async missingFrom(trades: readonly ClosedTrade[]): Promise<readonly ClosedTrade[] | undefined> {
    const [count, newest] = await Promise.all([
      this.#bus.count(Streams.trades),
      this.#bus.getLatest(Streams.trades, MAX_READ),
    ]);
    // One that is no trade was dropped by the reader.
    if (count !== newest.length) return undefined;
    return tailMissing(newest.toReversed().map(idOf), trades);
  }

  /** Takes what the stream holds for right: it was compared, or written again, just now. */
  async accept(): Promise<void> {
    const { count, first, last } = await this.#ends();
    this.#count = count;
    this.#first = first;
    this.#last = last;
  }

  /** These were appended. */
  add(trades: readonly ClosedTrade[]): void {
    const [first] = trades;
    const last = trades.at(-1);
    if (first === undefined || last === undefined) return;
    if (this.#count === 0) this.#first = idOf(first);
    this.#count += trades.length;
    this.#last = idOf(last);
  }

  /** False where entries were deleted, doubled or written by somebody else: count, first and last differ. */
  async areWhole(): Promise<boolean> {
    const { count, first, last } = await this.#ends();
    // Redis cuts off the oldest by itself.
    if (count >= LIMIT && count < this.#count) {
      this.#count = count;
      this.#first = first;
    }
    return count === this.#count && first === this.#first && last === this.#last;
  }

  async #ends() {
    const [count, [first], [last]] = await Promise.all([
      this.#bus.count(Streams.trades),
      this.#bus.getOldest(Streams.trades, 1),
      this.#bus.getLatest(Streams.trades, 1),
    ]);
    return { count, first: first && idOf(first), last: last && idOf(last) };
  }
}

/** Trades behind the stream's last one, where the stream is a gapless part of them. */
function tailMissing(stream: readonly string[], trades: readonly ClosedTrade[]): readonly ClosedTrade[] | undefined {
  const ids = trades.map(idOf);
  const last = stream.at(-1);
  const end = last === undefined ? 0 : ids.lastIndexOf(last) + 1;
  if (last !== undefined && end === 0) return undefined;
  // Only what Redis trimmed may be missing at the beginning, and only more than is compared may stand before it.
  if (stream.length < end && stream.length < LIMIT) return undefined;
  if (stream.length > end && ids.length < LIMIT) return undefined;
  const compared = Math.min(stream.length, end);
  const isSame = stream.slice(stream.length - compared).every((id, i) => id === ids[end - compared + i]);
  return isSame ? trades.slice(end) : undefined;
}

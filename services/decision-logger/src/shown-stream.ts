import type { Stream } from '@helios/shared/contracts/entry.ts';
import type { Bus } from '@helios/shared/runtime/bus.ts';

/** Redis trims a stream by whole nodes, so it may hold some more than its limit. */
const READ_BEYOND_LIMIT = 1_000;

/** What a stream holds of a table of the ledger, and how the two are compared: its readers find it gapless, each record once. */
export class ShownStream<T> {
  readonly #bus: Bus<'decision-logger'>;
  readonly #entry: Stream<string, T>;
  readonly #idOf: (record: T) => string;
  #count = 0;
  #first: string | undefined;
  #last: string | undefined;

  constructor(bus: Bus<'decision-logger'>, entry: Stream<string, T>, idOf: (record: T) => string) {
    this.#bus = bus;
    this.#entry = entry;
    this.#idOf = idOf;
  }

  /**
   * Reads the stream and compares it with the newest records of the ledger, oldest first.
   * @returns those that it lacks at its end; undefined where it is no gapless part of them, each once
   */
  async missingFrom(records: readonly T[]): Promise<readonly T[] | undefined> {
    const [count, newest] = await Promise.all([
      this.#bus.count(this.#entry),
      this.#bus.getLatest(this.#entry, this.#entry.maxLength + READ_BEYOND_LIMIT),
    ]);
    // A malformed one was dropped by the reader.
    if (count !== newest.length) return undefined;
    return this.#tailMissing(newest.toReversed().map(this.#idOf), records);
  }

  /** Takes what the stream holds for right: it was compared, or written again, just now. */
  async accept(): Promise<void> {
    const { count, first, last } = await this.#ends();
    this.#count = count;
    this.#first = first;
    this.#last = last;
  }

  /** These were appended. */
  add(records: readonly T[]): void {
    const [first] = records;
    const last = records.at(-1);
    if (first === undefined || last === undefined) return;
    if (this.#count === 0) this.#first = this.#idOf(first);
    this.#count += records.length;
    this.#last = this.#idOf(last);
  }

  /** False where messages were deleted, doubled or written by somebody else: count, first and last differ. */
  async isWhole(): Promise<boolean> {
    const { count, first, last } = await this.#ends();
    // Redis cuts off the oldest by itself.
    if (count >= this.#entry.maxLength && count < this.#count) {
      this.#count = count;
      this.#first = first;
    }
    return count === this.#count && first === this.#first && last === this.#last;
  }

  async #ends() {
    const [count, [first], [last]] = await Promise.all([
      this.#bus.count(this.#entry),
      this.#bus.getOldest(this.#entry, 1),
      this.#bus.getLatest(this.#entry, 1),
    ]);
    return { count, first: first && this.#idOf(first), last: last && this.#idOf(last) };
  }

  /** Records behind the stream's last one, where the stream is a gapless part of them. */
  #tailMissing(stream: readonly string[], records: readonly T[]): readonly T[] | undefined {
    const limit = this.#entry.maxLength;
    const ids = records.map(this.#idOf);
    const last = stream.at(-1);
    const end = last === undefined ? 0 : ids.lastIndexOf(last) + 1;
    if (last !== undefined && end === 0) return undefined;
    // Only what Redis trimmed may be missing at the beginning, and only more than is compared may stand before it.
    if (stream.length < end && stream.length < limit) return undefined;
    if (stream.length > end && ids.length < limit) return undefined;
    const compared = Math.min(stream.length, end);
    const isSame = stream.slice(stream.length - compared).every((id, i) => id === ids[end - compared + i]);
    return isSame ? records.slice(end) : undefined;
  }
}

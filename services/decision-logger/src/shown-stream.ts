import type { Stream } from '@helios/shared/contracts/entry.ts';
import type { Bus } from '@helios/shared/runtime/bus.ts';

/** Redis trims a stream by whole nodes, so a stream may be longer than its limit. */
const READ_BEYOND_LIMIT = 1_000;

/** Compares a stream in Redis with its table in the ledger. Readers of the stream get each record once, without gaps. */
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
   * Reads the stream and compares it with the newest records of the ledger, given oldest first.
   * @returns the records missing at the end of the stream; undefined if the stream has a gap, a double or a foreign
   * record
   */
  async missingFrom(records: readonly T[]): Promise<readonly T[] | undefined> {
    const [count, newest] = await Promise.all([
      this.#bus.count(this.#entry),
      this.#bus.getLatest(this.#entry, this.#entry.maxLength + READ_BEYOND_LIMIT),
    ]);
    // The reader drops malformed messages.
    if (count !== newest.length) return undefined;
    return this.#tailMissing(newest.toReversed().map(this.#idOf), records);
  }

  /** Remembers the present content of the stream as correct. Call it after a comparison or a rewrite. */
  async accept(): Promise<void> {
    const { count, first, last } = await this.#ends();
    this.#count = count;
    this.#first = first;
    this.#last = last;
  }

  /** Notes records that were appended. */
  add(records: readonly T[]): void {
    const [first] = records;
    const last = records.at(-1);
    if (first === undefined || last === undefined) return;
    if (this.#count === 0) this.#first = this.#idOf(first);
    this.#count += records.length;
    this.#last = this.#idOf(last);
  }

  /** False if the count, the first or the last message differs: someone deleted, doubled or wrote messages. */
  async isWhole(): Promise<boolean> {
    const { count, first, last } = await this.#ends();
    // Redis itself trims the oldest messages.
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

  /** The records after the last one of the stream; undefined if the stream is not a gapless part of `records`. */
  #tailMissing(stream: readonly string[], records: readonly T[]): readonly T[] | undefined {
    const limit = this.#entry.maxLength;
    const ids = records.map(this.#idOf);
    const last = stream.at(-1);
    const end = last === undefined ? 0 : ids.lastIndexOf(last) + 1;
    if (last !== undefined && end === 0) return undefined;
    // Records may be missing at the beginning only if Redis trimmed them. The stream may begin earlier than `records`
    // only if `records` is full.
    if (stream.length < end && stream.length < limit) return undefined;
    if (stream.length > end && ids.length < limit) return undefined;
    const compared = Math.min(stream.length, end);
    const isSame = stream.slice(stream.length - compared).every((id, i) => id === ids[end - compared + i]);
    return isSame ? records.slice(end) : undefined;
  }
}

import { mixed, textHash } from './text-hash.ts';

const HASHES = 12;
const BAND_ROWS = 3;
/** Minimum equal places of two signatures for near-identical texts. */
const AGREEING = 8;
const MAX_WORDS = 150;
const SEEDS = Array.from({ length: HASHES }, (_, index) => mixed(index + 1));

interface Seen {
  readonly signature: Uint32Array;
  readonly ts: number;
  copies: number;
}

/**
 * Remembers texts for some time and finds near-identical ones. Uses min-hash signatures over pairs of words (Broder 1997), looked
 * up by bands. Time and number are limited.
 */
export class NearDuplicates {
  readonly #windowMs: number;
  readonly #capacity: number;
  readonly #bands = new Map<number, Seen[]>();
  #queue: Seen[] = [];
  #oldest = 0;

  constructor(windowMs: number, capacity: number) {
    this.#windowMs = windowMs;
    this.#capacity = capacity;
  }

  /** Number of near-identical texts before this one within the window; remembers the text. @param text cleaned @param ts epoch ms */
  countCopies(text: string, ts: number): number {
    this.#forget(ts);
    const signature = signatureOf(text);
    const known = this.#find(signature);
    if (known) {
      known.copies += 1;
      return known.copies - 1;
    }
    const seen: Seen = { signature, ts, copies: 1 };
    this.#queue.push(seen);
    for (const band of bandsOf(signature)) {
      const bucket = this.#bands.get(band);
      if (bucket) bucket.push(seen);
      else this.#bands.set(band, [seen]);
    }
    return 0;
  }

  get size(): number {
    return this.#queue.length - this.#oldest;
  }

  #find(signature: Uint32Array): Seen | undefined {
    for (const band of bandsOf(signature)) {
      const found = this.#bands.get(band)?.find((seen) => agreement(seen.signature, signature) >= AGREEING);
      if (found) return found;
    }
    return undefined;
  }

  #forget(nowMs: number): void {
    for (let first = this.#queue[this.#oldest]; first; first = this.#queue[this.#oldest]) {
      if (nowMs - first.ts <= this.#windowMs && this.size <= this.#capacity) break;
      for (const band of bandsOf(first.signature)) this.#removeFrom(band, first);
      this.#oldest += 1;
    }
    if (this.#oldest > this.#capacity) {
      this.#queue = this.#queue.slice(this.#oldest);
      this.#oldest = 0;
    }
  }

  #removeFrom(band: number, seen: Seen): void {
    const rest = this.#bands.get(band)?.filter((other) => other !== seen) ?? [];
    if (rest.length > 0) this.#bands.set(band, rest);
    else this.#bands.delete(band);
  }
}

function signatureOf(text: string): Uint32Array {
  const words = (text.toLowerCase().match(/[\p{L}\p{N}]+|\p{Extended_Pictographic}/gu) ?? []).slice(0, MAX_WORDS);
  const pairs = words.length < 2 ? [words.join('')] : words.slice(1).map((word, index) => `${words[index]} ${word}`);
  const signature = new Uint32Array(HASHES).fill(0xffffffff);
  for (const pair of pairs) {
    const hash = textHash(pair);
    for (const [index, seed] of SEEDS.entries()) {
      const value = mixed(hash ^ seed);
      if (value < (signature[index] ?? 0)) signature[index] = value;
    }
  }
  return signature;
}

function bandsOf(signature: Uint32Array): number[] {
  const bands: number[] = [];
  for (let row = 0; row < HASHES; row += BAND_ROWS) {
    let band = row;
    for (const value of signature.subarray(row, row + BAND_ROWS)) band = mixed(band ^ value);
    bands.push(band);
  }
  return bands;
}

function agreement(a: Uint32Array, b: Uint32Array): number {
  let same = 0;
  for (const [index, value] of a.entries()) if (value === b[index]) same += 1;
  return same;
}

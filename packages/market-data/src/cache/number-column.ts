/** Bytes per value: 0 if all values are equal, 8 for doubles. */
export type ColumnWidth = 0 | 1 | 2 | 4 | 8;

/** How the values of a stored column are read: `base` plus an unsigned whole number of `width` bytes; a double if it is 8. */
export interface ColumnLayout {
  readonly base: number;
  readonly count: number;
  readonly width: ColumnWidth;
}

const FIRST_CAPACITY = 1_024;
const NARROW_LIMITS = [
  [0, 0],
  [1, 0xff],
  [2, 0xffff],
  [4, 0xffff_ffff],
] as const satisfies readonly (readonly [ColumnWidth, number])[];

/** A growing column of whole numbers. It is stored in as few bytes per value as its span allows. */
export class NumberColumn {
  #values = new Float64Array(FIRST_CAPACITY);
  #count = 0;

  get count(): number {
    return this.#count;
  }

  push(value: number): void {
    if (this.#count === this.#values.length) {
      const grown = new Float64Array(2 * this.#count);
      grown.set(this.#values);
      this.#values = grown;
    }
    this.#values[this.#count] = value;
    this.#count += 1;
  }

  clear(): void {
    this.#count = 0;
  }

  /** The narrowest layout that holds every value exactly. */
  layout(): ColumnLayout {
    const [count, values] = [this.#count, this.#values];
    if (count === 0) return { base: 0, count, width: 0 };
    let min = Number.POSITIVE_INFINITY;
    let max = Number.NEGATIVE_INFINITY;
    let isWhole = true;
    for (let i = 0; i < count; i += 1) {
      const value = values[i] ?? Number.NaN;
      if (value < min) min = value;
      if (value > max) max = value;
      isWhole &&= Number.isSafeInteger(value);
    }
    const fits = isWhole ? NARROW_LIMITS.find(([, limit]) => max - min <= limit) : undefined;
    return fits === undefined ? { base: 0, count, width: 8 } : { base: min, count, width: fits[0] };
  }

  /** Writes the values at a place of `bytes` that is a multiple of 8. */
  write(bytes: Buffer<ArrayBuffer>, at: number, { base, width }: ColumnLayout): void {
    if (width === 0) return;
    const target = new ARRAY_OF_WIDTH[width](bytes.buffer, bytes.byteOffset + at, this.#count);
    for (let i = 0; i < this.#count; i += 1) target[i] = (this.#values[i] ?? Number.NaN) - base;
  }
}

const ARRAY_OF_WIDTH = { 1: Uint8Array, 2: Uint16Array, 4: Uint32Array, 8: Float64Array } as const;

/** The values of a stored column as doubles, so that readers meet one kind of array. */
export function readColumn(bytes: Buffer<ArrayBuffer>, at: number, { base, count, width }: ColumnLayout): Float64Array {
  if (width === 0) return new Float64Array(count).fill(base);
  const values = new Float64Array(new ARRAY_OF_WIDTH[width](bytes.buffer, bytes.byteOffset + at, count));
  if (base !== 0) for (let i = 0; i < count; i += 1) values[i] = (values[i] ?? Number.NaN) + base;
  return values;
}

/** Bytes that a column takes; the next one begins at a multiple of 8. */
export function bytesOfColumn({ count, width }: ColumnLayout): number {
  return Math.ceil((count * width) / 8) * 8;
}

/** FNV-1a over UTF-16 code units: a 32-bit number from any text. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}

/**
 * A seeded random generator: `sfc32` (Chris Doty-Humphrey's PractRand, public domain algorithm), with the distributions that a
 * market needs. The same label always gives the same numbers.
 */
export class Rng {
  private a: number;
  private b: number;
  private c: number;
  private counter = 1;
  private spare: number | undefined = undefined;

  constructor(label: string) {
    this.a = hashText(`a:${label}`) | 0;
    this.b = hashText(`b:${label}`) | 0;
    this.c = hashText(`c:${label}`) | 0;
    // Similar labels give similar start values; sfc32 needs about a dozen rounds to separate them.
    for (let round = 0; round < 16; round += 1) this.next();
  }

  private next(): number {
    const sum = (((this.a + this.b) | 0) + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (this.c << 21) | (this.c >>> 11);
    this.c = (this.c + sum) | 0;
    return sum >>> 0;
  }

  /** Uniform in (0, 1): never exactly 0 or 1, so its logarithm is finite. */
  uniform(): number {
    return (this.next() + 0.5) / 4_294_967_296;
  }

  /** Uniform in (low, high). */
  between(low: number, high: number): number {
    return low + (high - low) * this.uniform();
  }

  /** Whole number in 0 … count − 1. */
  below(count: number): number {
    return Math.floor(this.uniform() * count);
  }

  /** Standard normal, by Marsaglia's polar method. */
  normal(): number {
    const kept = this.spare;
    if (kept !== undefined) {
      this.spare = undefined;
      return kept;
    }
    let x = 0;
    let y = 0;
    let square = 0;
    do {
      x = 2 * this.uniform() - 1;
      y = 2 * this.uniform() - 1;
      square = x * x + y * y;
    } while (square >= 1 || square === 0);
    const factor = Math.sqrt((-2 * Math.log(square)) / square);
    this.spare = y * factor;
    return x * factor;
  }

  /** Exponential with mean 1. */
  exponential(): number {
    return -Math.log(this.uniform());
  }

  /** Log-normal with mean 1 and the given standard deviation of its logarithm. */
  logNormal(sigma: number): number {
    return Math.exp(sigma * this.normal() - 0.5 * sigma * sigma);
  }

  /** Poisson count, by multiplying uniforms (Knuth); for means below about 20. */
  poisson(mean: number): number {
    const limit = Math.exp(-mean);
    let product = this.uniform();
    let count = 0;
    while (product > limit) {
      product *= this.uniform();
      count += 1;
    }
    return count;
  }
}

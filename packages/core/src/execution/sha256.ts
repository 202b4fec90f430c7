/** The first 32 bits of the fractional parts of `root(p)` of the first `count` primes, as FIPS 180-4 defines its constants. */
function fractions(count: number, root: (prime: number) => number): Uint32Array {
  const words = new Uint32Array(count);
  for (let prime = 2, found = 0; found < count; prime += 1) {
    if (!isPrime(prime)) continue;
    words[found] = (root(prime) % 1) * 2 ** 32;
    found += 1;
  }
  return words;
}

function isPrime(value: number): boolean {
  for (let divisor = 2; divisor * divisor <= value; divisor += 1) if (value % divisor === 0) return false;
  return true;
}

const ROUNDS = 64;
const BLOCK_BYTES = 64;
/** Offset of the message length in the last block. */
const LENGTH_AT = 56;
const INITIAL = fractions(8, Math.sqrt);
const CONSTANTS = fractions(ROUNDS, Math.cbrt);

/** SHA-256 of a text's UTF-16 code units, two bytes each, big-endian: 32 bytes as eight words. */
export function sha256OfCodeUnits(text: string): Uint32Array {
  const hash = Uint32Array.from(INITIAL);
  const message = padded(text);
  for (let block = 0; block < message.byteLength; block += BLOCK_BYTES) mixBlock(hash, message, block);
  return hash;
}

/** The padded message: the text, a one bit, zeros, and the length in bits at the end of the last block. */
function padded(text: string): DataView {
  const length = text.length * 2;
  const blocks = Math.floor((length + BLOCK_BYTES - LENGTH_AT) / BLOCK_BYTES) + 1;
  const bytes = new DataView(new ArrayBuffer(blocks * BLOCK_BYTES));
  for (let i = 0; i < text.length; i += 1) bytes.setUint16(i * 2, text.charCodeAt(i));
  bytes.setUint8(length, 0x80);
  bytes.setUint32(blocks * BLOCK_BYTES - 4, length * 8);
  return bytes;
}

/** Filled again for each block. */
const schedule = new Uint32Array(ROUNDS);

function mixBlock(hash: Uint32Array, message: DataView, start: number): void {
  fillSchedule(message, start);
  // Eight plain variables instead of an array: this loop dominates the cost of an id.
  let [a, b, c, d] = [hash[0] ?? 0, hash[1] ?? 0, hash[2] ?? 0, hash[3] ?? 0];
  let [e, f, g, h] = [hash[4] ?? 0, hash[5] ?? 0, hash[6] ?? 0, hash[7] ?? 0];
  for (let round = 0; round < ROUNDS; round += 1) {
    const choice = (e & f) ^ (~e & g);
    const first = (h + turned(e, 6, 11, 25) + choice + (CONSTANTS[round] ?? 0) + (schedule[round] ?? 0)) | 0;
    const majority = (a & b) ^ (a & c) ^ (b & c);
    const second = (turned(a, 2, 13, 22) + majority) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + first) | 0;
    d = c;
    c = b;
    b = a;
    a = (first + second) | 0;
  }
  addWords(hash, [a, b, c, d, e, f, g, h]);
}

function addWords(hash: Uint32Array, words: readonly number[]): void {
  for (let i = 0; i < words.length; i += 1) hash[i] = (hash[i] ?? 0) + (words[i] ?? 0);
}

function fillSchedule(message: DataView, start: number): void {
  for (let i = 0; i < 16; i += 1) schedule[i] = message.getUint32(start + i * 4);
  for (let i = 16; i < ROUNDS; i += 1) {
    const far = schedule[i - 15] ?? 0;
    const near = schedule[i - 2] ?? 0;
    const fromFar = rotated(far, 7) ^ rotated(far, 18) ^ (far >>> 3);
    const fromNear = rotated(near, 17) ^ rotated(near, 19) ^ (near >>> 10);
    schedule[i] = (schedule[i - 16] ?? 0) + fromFar + (schedule[i - 7] ?? 0) + fromNear;
  }
}

function turned(word: number, by1: number, by2: number, by3: number): number {
  return rotated(word, by1) ^ rotated(word, by2) ^ rotated(word, by3);
}

function rotated(word: number, by: number): number {
  return (word >>> by) | (word << (32 - by));
}

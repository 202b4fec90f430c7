import type { KlineLayout } from './kline-layout.ts';

/** Powers of ten that a double holds exactly. */
const POWERS = Float64Array.from({ length: 16 }, (_, exponent) => Number(`1e${exponent}`));
/** A number holds all whole numbers of 15 digits exactly. */
const MAX_DIGITS = 15;
const [FIRST_TIME, LAST_TIME] = [1e12, 1e13 - 1];
const [COMMA, POINT, ZERO, NINE, RETURN] = [44, 46, 48, 57, 13];

/** The places of the figures of a row in the arrays of a scanner. */
export const SLOT = {
  ...{ time: 0, open: 1, high: 2, low: 3, close: 4, volume: 5 },
  ...{ quoteVolume: 6, takerBuyVolume: 7 },
} as const satisfies Record<Exclude<keyof KlineLayout, 'symbol'>, number>;
const SLOTS = Object.values(SLOT).length;
const NO_SLOT = 255;

/**
 * Reads the bytes of a row of plain decimals without making texts. The result stays in its fields until the next row. Anything
 * else in a needed cell (a blank, a sign, an exponent, a time other than epoch ms) is left to the reader of texts.
 */
export class KlineRowScanner {
  /** The nearest double of each cell, as of its text; NaN where the file has no such column. */
  readonly values = new Float64Array(SLOTS).fill(Number.NaN);
  /** Its digits as a whole number, and the number of its decimals. */
  readonly units = new Float64Array(SLOTS);
  readonly decimals = new Uint8Array(SLOTS);
  /** Slot of each column, up to the last that is needed. */
  readonly #slots: Uint8Array;

  constructor(layout: KlineLayout) {
    const places = Object.entries(SLOT).map(([name, slot]) => [layout[name as keyof KlineLayout], slot] as const);
    this.#slots = new Uint8Array(1 + Math.max(...places.map(([place]) => place ?? 0))).fill(NO_SLOT);
    for (const [place, slot] of places) if (place !== undefined) this.#slots[place] = slot;
  }

  /** False if the row must be read as texts. */
  scan(bytes: Buffer, from: number, end: number): boolean {
    const last = end > from && bytes[end - 1] === RETURN ? end - 1 : end;
    let at = from;
    for (const slot of this.#slots) {
      if (at > last) return false;
      at = slot === NO_SLOT ? endOfCell(bytes, at, last) + 1 : this.#scanCell(bytes, at, last, slot);
      if (at < 0) return false;
    }
    const time = this.values[SLOT.time] ?? 0;
    return this.decimals[SLOT.time] === 0 && time >= FIRST_TIME && time <= LAST_TIME;
  }

  /** The place after the cell and its comma; −1 if the cell is no plain decimal. */
  #scanCell(bytes: Buffer, from: number, end: number, slot: number): number {
    let [units, point, at] = [0, -1, from];
    for (; at < end; at += 1) {
      const code = bytes[at] ?? 0;
      if (code >= ZERO && code <= NINE) units = units * 10 + (code - ZERO);
      else if (code === POINT && point < 0 && at > from) point = at;
      else if (code === COMMA) break;
      else return -1;
    }
    const digits = at - from - (point < 0 ? 0 : 1);
    if (digits === 0 || point === at - 1) return -1;
    const decimals = point < 0 ? 0 : at - point - 1;
    this.units[slot] = units;
    this.decimals[slot] = Math.min(decimals, 255);
    if (digits <= MAX_DIGITS) this.values[slot] = units / (POWERS[decimals] ?? Number.NaN);
    // The grid of prices and volumes needs exact units; other figures do not.
    else if (slot <= SLOT.volume) return -1;
    else this.values[slot] = Number(bytes.toString('latin1', from, at));
    return at + 1;
  }
}

function endOfCell(bytes: Buffer, from: number, end: number): number {
  let at = from;
  while (at < end && bytes[at] !== COMMA) at += 1;
  return at;
}

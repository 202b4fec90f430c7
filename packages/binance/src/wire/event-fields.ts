import type { UnitLevel, UnitLevels } from '@helios/core/book/unit-levels.ts';
import { unitText } from '@helios/core/price/unit-text.ts';
import { type LayoutScan, literal } from './layout-scan.ts';
import { LevelReader } from './level-reader.ts';

/** Keys of all events that can be scanned. */
const KEYS = 'E T s U u pu b B a A t p q X m f l nq P ap i r st ps'.split(' ');
/**
 * What a field of an event contains. The event must have all its fields except those whose kind begins with `MAY`; these have no
 * effect on the result.
 */
export type FieldKind =
  | 'WHOLE'
  /** A decimal of zero or more; above zero; with an optional minus. */
  | 'DECIMAL'
  | 'POSITIVE'
  | 'SIGNED'
  | 'SYMBOL'
  | 'BOOLEAN'
  | 'BIDS'
  | 'ASKS'
  | 'MAY_BE_WHOLE'
  | 'MAY_BE_DECIMAL'
  | 'MAY_BE_SYMBOL'
  /** `"MARKET"`: a trade in the book. */
  | 'MAY_BE_MARKET'
  /** `1`: a row of USDⓈ-M. */
  | 'MAY_BE_ONE';

/** The fields of one event by key. */
export interface FieldTable {
  readonly kinds: readonly (FieldKind | undefined)[];
  /** One bit for each needed field. */
  readonly needed: number;
}

export function fieldTable(fields: Readonly<Record<string, FieldKind>>): FieldTable {
  const kinds = KEYS.map((key) => fields[key]);
  const needed = kinds.reduce((bits, kind, id) => (kind?.startsWith('MAY') === false ? bits | (1 << id) : bits), 0);
  return { kinds, needed };
}

/** Place of a key in a table. */
export function idOf(key: string): number {
  return KEYS.indexOf(key);
}

/** Key ids by code: a letter, or 128 × the first letter + the second. */
const IDS = new Int8Array(128 * 128).fill(-1);
for (const [id, key] of KEYS.entries()) IDS[codeOf(key.charCodeAt(0), key.charCodeAt(1))] = id;

function codeOf(first: number, second: number): number {
  return Number.isNaN(second) ? first : first * 128 + second;
}

const NEXT_FIELD = literal(',"');
const QUOTE = literal('"');
const MINUS = literal('-');
const TRUE = literal('true');
const FALSE = literal('false');
const ONE = literal('1');
const MARKET = literal('"MARKET"');

/** The fields of one event, in any order. Only one scan is in progress at a time, so one instance serves all. */
export class EventFields {
  readonly #values = new Float64Array(KEYS.length);
  readonly #scales = new Uint8Array(KEYS.length);
  readonly #levels = new LevelReader();
  symbol = '';
  /** The newest BOOLEAN, and the sign of the newest SIGNED. */
  isTrue = false;
  isNegative = false;

  /** Reads fields until something else comes. A field that is unknown, missing or there twice does not fit. */
  read(scan: LayoutScan, { kinds, needed }: FieldTable): void {
    let seen = 0;
    this.#levels.restart();
    while (scan.fits && scan.skip(NEXT_FIELD)) {
      const id = IDS[scan.key()] ?? -1;
      const kind = kinds[id];
      const bit = 1 << id;
      if (kind === undefined || (seen & bit) !== 0) scan.fail();
      else this.#readField(scan, id, kind);
      seen |= bit;
    }
    if ((seen & needed) !== needed) scan.fail();
  }

  number(id: number): number {
    return this.#values[id] ?? Number.NaN;
  }

  /** A decimal as text. */
  text(id: number): string {
    return unitText(this.number(id), this.#scales[id] ?? 0);
  }

  level(price: number, qty: number): UnitLevel {
    const scaleOf = (id: number): number => this.#scales[id] ?? 0;
    return { price: this.number(price), priceScale: scaleOf(price), qty: this.number(qty), qtyScale: scaleOf(qty) };
  }

  /** The newest levels. */
  levels(): UnitLevels {
    return this.#levels.take();
  }

  #readField(scan: LayoutScan, id: number, kind: FieldKind): void {
    switch (kind) {
      case 'WHOLE':
      case 'MAY_BE_WHOLE':
        this.#values[id] = scan.whole();
        break;
      case 'DECIMAL':
      case 'MAY_BE_DECIMAL':
        scan.expect(QUOTE);
        this.#keep(id, scan.decimal(), scan.scale);
        break;
      case 'POSITIVE':
        scan.expect(QUOTE);
        this.#keep(id, scan.positiveDecimal(), scan.scale);
        break;
      case 'SIGNED':
        scan.expect(QUOTE);
        this.isNegative = scan.skip(MINUS);
        this.#keep(id, scan.decimal(), scan.scale);
        break;
      case 'SYMBOL':
        this.symbol = this.#readSymbol(scan);
        break;
      case 'BIDS':
        this.#levels.bids(scan);
        break;
      case 'ASKS':
        this.#levels.asks(scan);
        break;
      case 'BOOLEAN':
        this.isTrue = scan.skip(TRUE);
        if (!this.isTrue) scan.expect(FALSE);
        break;
      case 'MAY_BE_SYMBOL':
        this.#readSymbol(scan);
        break;
      case 'MAY_BE_MARKET':
        scan.expect(MARKET);
        break;
      case 'MAY_BE_ONE':
        scan.expect(ONE);
        break;
    }
  }

  #keep(id: number, units: number, scale: number): void {
    this.#values[id] = units;
    this.#scales[id] = scale;
  }

  #readSymbol(scan: LayoutScan): string {
    scan.expect(QUOTE);
    const symbol = scan.symbol();
    scan.expect(QUOTE);
    return symbol;
  }
}

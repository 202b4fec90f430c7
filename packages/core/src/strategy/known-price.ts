import { FALLBACK_PRICE_MAX_AGE_MS, VENUE_PRICE_MAX_AGE_MS } from '@helios/shared/domain/freshness.ts';

type VenueSource = 'book' | 'trade' | 'mark';

/**
 * The best known price for closing a position, with its source and age. `last book` and similar: too old for its source;
 * `fallback`: from outside the venue.
 */
export interface KnownPrice {
  readonly price: number;
  readonly source: VenueSource | `last ${VenueSource | 'kline'}` | 'fallback';
  /** Undefined if the price is stamped in the future: its age is unknown. */
  readonly ageMs: number | undefined;
}

/** Only fresh venue prices move a stop. Other prices may close a position, but they raise no stop. */
export function movesTrailingStop(known: KnownPrice | undefined): known is KnownPrice {
  return known?.source === 'book' || known?.source === 'trade' || known?.source === 'mark';
}

/** True if the price counts as current. An older price may show a loss, but it proves no gain. */
export function isFreshPrice({ source, ageMs }: KnownPrice): boolean {
  return isWithin(ageMs, source === 'fallback' ? FALLBACK_PRICE_MAX_AGE_MS : VENUE_PRICE_MAX_AGE_MS);
}

/** False for an unknown age. */
export function isWithin(ageMs: number | undefined, limitMs: number): boolean {
  return ageMs !== undefined && ageMs <= limitMs;
}

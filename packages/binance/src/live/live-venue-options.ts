import type { VenueNews } from '@helios/core/live/venue-port.ts';
import type { MarginMode } from '@helios/shared/domain/account.ts';
import type { PostingHttpClient } from '@helios/shared/runtime/http-client.ts';
import type { Logger } from '@helios/shared/runtime/service.ts';
import type { Signer } from '../rest/signer.ts';

/** What a live venue needs from outside. */
export interface LiveVenueOptions {
  /** Run of the account flows. */
  readonly run: string;
  /** Without a path, e.g. `https://fapi.binance.com`. */
  readonly restUrl: string;
  /** Origin of the streams, e.g. `wss://fstream.binance.com`. */
  readonly streamUrl: string;
  readonly apiKey: string;
  readonly sign: Signer;
  readonly http: Pick<PostingHttpClient, 'get' | 'once'>;
  /** Our clock, epoch ms. */
  readonly now: () => number;
  /** Resolves after `ms`, or as soon as stopped. */
  readonly wait: (ms: number) => Promise<void>;
  readonly stop: AbortSignal;
  /** Uniform in 0..1. */
  readonly random: () => number;
  readonly log: Logger;
  readonly settings: LiveVenueSettings;
  /** Called in the order of arrival, never inside `carryOut`. */
  readonly onNews: (news: VenueNews) => void;
}

export interface LiveVenueSettings {
  /** Every symbol is set to these before its first entry. */
  readonly leverage: number;
  readonly marginMode: MarginMode;
  /** Share of the request weight per minute that this process may use, 0..1. */
  readonly weightShare: number;
  /**
   * Lets the venue cancel resting entries if this process dies. Only for venues where the doctor has shown that the countdown spares
   * stops.
   */
  readonly usesDeadMansSwitch?: boolean;
}

/** How much of a limit of the venue is used. */
export interface UsedOfLimit {
  readonly used: number;
  readonly limit: number;
}

/** The venue's limits and what is used of them; all counts are the venue's own where it sent them. */
export interface VenueLimits {
  /** Request weight of this minute. */
  readonly weight: UsedOfLimit;
  readonly orders10s: UsedOfLimit;
  readonly orders1m: UsedOfLimit;
  /** Time for which the venue allows no requests, ms; 0 if it does. */
  readonly blockedMs: number;
  /** True while that is a ban (418): nothing at all may be sent. */
  readonly isBanned: boolean;
}

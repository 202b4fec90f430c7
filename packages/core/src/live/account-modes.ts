import type { Block } from './block.ts';
import type { VenueNews } from './venue-port.ts';

type ModesNews = Extract<VenueNews, { kind: 'ACCOUNT_MODES' }>;

/** Advice of each mode in which Helios does not trade. */
const HEDGE =
  'the account is in hedge mode: close its positions and orders, then set Preferences → Position Mode → One-way at the venue';
const MULTI_ASSETS =
  'several assets count as margin: set Preferences → Asset Mode → Single-Asset at the venue; Helios sizes by USDT alone';

const UNREAD = 'the margin assets have changed: the account is read again';

/** Modes of the whole account. Another hand may change them while Helios runs; until the venue tells them, nothing is against entries. */
export class AccountModes {
  #isHedge = false;
  #isMultiAssets = false;
  #eventMs = Number.NEGATIVE_INFINITY;
  /** When USDT became the only margin; until a later snapshot the known totals are those of several assets. */
  #unreadSinceMs: number | undefined;

  /** True if the totals of the account are those of several assets. */
  get isMultiAssets(): boolean {
    return this.#isMultiAssets;
  }

  /** Events report the margin mode only. An answer requested before the last event keeps the margin mode of that event. */
  onModes({ isHedge, isMultiAssets, tsAsked }: ModesNews, nowMs: number): void {
    if (isHedge !== undefined) this.#isHedge = isHedge;
    if (tsAsked !== undefined && tsAsked <= this.#eventMs) return;
    if (isMultiAssets === false && this.#isMultiAssets) this.#unreadSinceMs = nowMs;
    if (isMultiAssets !== undefined) this.#isMultiAssets = isMultiAssets;
    if (tsAsked === undefined) this.#eventMs = nowMs;
  }

  /** @param tsAsked when the snapshot was asked for */
  onSnapshot(tsAsked: number): void {
    if (this.#unreadSinceMs !== undefined && tsAsked > this.#unreadSinceMs) this.#unreadSinceMs = undefined;
  }

  /** Reasons against every entry. */
  blocks(): Block[] {
    const blocks: Block[] = [];
    if (this.#isHedge) blocks.push({ code: 'ACCOUNT_MODE', reason: HEDGE });
    if (this.#isMultiAssets) blocks.push({ code: 'ACCOUNT_MODE', reason: MULTI_ASSETS });
    else if (this.#unreadSinceMs !== undefined) blocks.push({ code: 'ACCOUNT_MODE', reason: UNREAD });
    return blocks;
  }
}

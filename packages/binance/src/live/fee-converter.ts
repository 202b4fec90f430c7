import type { Logger } from '@helios/shared/runtime/service.ts';

/** The commission of one trade as the venue reports it. */
export interface ChargedTrade {
  readonly symbol: string;
  readonly price: string;
  readonly quantity: string;
  /** Undefined where the venue does not charge. */
  readonly commission: string | undefined;
  readonly commissionAsset: string | undefined;
}

/** Assets worth one US dollar, as the quote currencies of the venue are. BNFCR are the credits of EU accounts. */
const DOLLARS: ReadonlySet<string> = new Set(['USDT', 'USDC', 'FDUSD', 'USD1', 'BFUSD', 'LDUSDT', 'BNFCR']);
/** Share of the value that a fee is taken to be while the price of its asset is unknown: the venue's highest usual fee. */
const USUAL_FEE = 0.0005;

/** Converts fees into quote currency. `onPrice` sets the prices of other assets, such as BNB. */
export class FeeConverter {
  readonly #log: Logger;
  readonly #prices = new Map<string, number | undefined>();

  constructor(log: Logger) {
    this.#log = log;
  }

  /** Assets whose prices are needed. */
  get assets(): readonly string[] {
    return [...this.#prices.keys()];
  }

  /** Tells of an asset that the account owns: fees may be paid in it. */
  onAsset(asset: string): void {
    if (!DOLLARS.has(asset) && !this.#prices.has(asset)) this.#prices.set(asset, undefined);
  }

  /** @param price in US dollars */
  onPrice(asset: string, price: number): void {
    this.#prices.set(asset, price);
  }

  /** The fee in the symbol's quote currency. Without a price of its asset it is estimated from the value of the trade, and logged. */
  inQuote({ symbol, price, quantity, commission, commissionAsset: asset }: ChargedTrade): number {
    if (commission === undefined || Number(commission) === 0) return 0;
    if (asset === undefined || DOLLARS.has(asset) || symbol.endsWith(asset)) return Number(commission);
    this.onAsset(asset);
    const assetPrice = this.#prices.get(asset);
    if (assetPrice !== undefined) return Number(commission) * assetPrice;
    const estimate = Number(price) * Number(quantity) * USUAL_FEE;
    this.#log.warn({ symbol, asset, commission, estimate }, 'price of the fee’s asset unknown, fee estimated');
    return estimate;
  }
}

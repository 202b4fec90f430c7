import type { Logger } from '@helios/shared/runtime/service.ts';
import { premiumIndex } from '../rest/endpoints/premium-index.ts';
import type { SignedRest } from '../rest/signed-rest.ts';
import type { FeeConverter } from './fee-converter.ts';

interface PriceReader {
  readonly fees: FeeConverter;
  readonly rest: Pick<SignedRest, 'ask'>;
  readonly log: Logger;
  /** True while the venue allows no requests. */
  readonly isBlocked: () => boolean;
}

/** Reads the prices of assets that may pay fees. */
export async function readFeePrices({ fees, rest, log, isBlocked }: PriceReader): Promise<void> {
  for (const asset of fees.assets) {
    if (isBlocked()) return;
    const answer = await rest.ask(premiumIndex, { symbol: `${asset}USDT` });
    const price = answer.kind === 'OK' ? answer.value[0]?.markPrice : undefined;
    if (price !== undefined) fees.onPrice(asset, Number(price));
    else log.debug({ asset }, 'price of an asset not read');
  }
}

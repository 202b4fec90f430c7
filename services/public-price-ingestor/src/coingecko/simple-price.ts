import { isLoose, isWhole } from '@helios/binance/wire/field-checks.ts';
import { badField } from '@helios/binance/wire/wire-fault.ts';
import { type CoinQuestion, isPrice } from './coin-price.ts';

/** `GET /simple/price`: `{ bitcoin: { usd, last_updated_at } }`, times in seconds. */
export const simplePrice: CoinQuestion = {
  request: (ids) => `/simple/price?ids=${ids.join(',')}&vs_currencies=usd&include_last_updated_at=true`,
  parse(json) {
    if (!isLoose(json)) return badField('simple/price', 'answer', null);
    return Object.entries(json).flatMap(([id, coin]) => {
      if (!isLoose(coin)) return [];
      const { usd, last_updated_at: seconds } = coin;
      return isPrice(usd) && isWhole(seconds) ? [{ id, usd, ts: seconds * 1_000 }] : [];
    });
  },
};

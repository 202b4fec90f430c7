import { isLoose } from '@helios/binance/wire/field-checks.ts';
import { badField } from '@helios/binance/wire/wire-fault.ts';
import { type CoinQuestion, isPrice } from './coin-price.ts';

/** `GET /coins/markets`: rows with `id, current_price, last_updated`, times as ISO texts. */
export const coinsMarkets: CoinQuestion = {
  request: (ids) => `/coins/markets?vs_currency=usd&ids=${ids.join(',')}&per_page=250`,
  parse(json) {
    if (!Array.isArray(json)) return badField('coins/markets', 'answer', null);
    return json.flatMap((row) => {
      if (!isLoose(row)) return [];
      const { id, current_price: usd, last_updated: updated } = row;
      const ts = typeof updated === 'string' ? Date.parse(updated) : Number.NaN;
      return typeof id === 'string' && isPrice(usd) && Number.isFinite(ts) ? [{ id, usd, ts }] : [];
    });
  },
};

import { z } from 'zod';
import type { ContractInput } from './contract.ts';

const Row = z.object({
  symbol: z.string(),
  pair: z.string(),
  contractType: z.string(),
  status: z.string(),
  baseAsset: z.string(),
  quoteAsset: z.string(),
  marginAsset: z.string(),
  underlyingType: z.string(),
  underlyingSubType: z.array(z.string()),
  onboardDate: z.number(),
  deliveryDate: z.number(),
  filters: z.array(
    z.object({
      filterType: z.string(),
      tickSize: z.string().optional(),
      stepSize: z.string().optional(),
      notional: z.string().optional(),
    }),
  ),
});
const ExchangeInfo = z.object({ symbols: z.array(Row) });

/**
 * The contracts of a recorded `exchangeInfo`, for the list of the local venue; their markets are generated.
 * @throws ZodError if it is not an `exchangeInfo`
 */
export function contractsOf(exchangeInfo: unknown): readonly ContractInput[] {
  return ExchangeInfo.parse(exchangeInfo).symbols.map(({ filters, ...row }) => {
    const of = (type: string) => filters.find(({ filterType }) => filterType === type);
    return {
      ...row,
      tickSize: of('PRICE_FILTER')?.tickSize ?? '0.01',
      stepSize: of('LOT_SIZE')?.stepSize ?? '0.001',
      minNotional: of('MIN_NOTIONAL')?.notional ?? '5',
    };
  });
}

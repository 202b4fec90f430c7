import { ok, type ServedEndpoint } from './endpoint.ts';

/** `GET /fapi/v1/fundingInfo`: funding rules of perpetuals, including COIN-M; COIN-M rows have no update time. */
export const fundingInfo: ServedEndpoint = {
  method: 'GET',
  path: '/fapi/v1/fundingInfo',
  pool: 'FUNDING',
  weight: () => 0,
  answer: (_query, exchange) =>
    ok(
      exchange
        .allListed()
        .filter(({ contract }) => contract.contractType.endsWith('PERPETUAL'))
        .map(({ contract }) => ({
          symbol: contract.symbol,
          adjustedFundingRateCap: '0.02000000',
          adjustedFundingRateFloor: '-0.02000000',
          fundingIntervalHours: 8,
          disclaimer: false,
          updateTime: contract.marginKind === 2 ? null : contract.onboardDate,
        })),
    ),
};

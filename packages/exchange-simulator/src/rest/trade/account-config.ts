import { ok } from '../endpoint.ts';
import { signedEndpoint } from './signed-endpoint.ts';

/** `GET /fapi/v1/accountConfig`. */
export const accountConfig = signedEndpoint({
  method: 'GET',
  path: '/fapi/v1/accountConfig',
  weight: () => 5,
  answer: ({ account }) =>
    ok({
      feeTier: 0,
      canTrade: true,
      canDeposit: true,
      canWithdraw: true,
      dualSidePosition: account.isHedge,
      updateTime: 0,
      multiAssetsMargin: account.isMultiAssets,
      tradeGroupId: -1,
    }),
});

import { accountEndpoints } from '../account.ts';
import type { ServedEndpoint } from '../endpoint.ts';
import { accountConfig } from './account-config.ts';
import { adlQuantile } from './adl-quantile.ts';
import { apiTradingStatus } from './api-trading-status.ts';
import { balanceEndpoints } from './balance.ts';
import { commissionRate } from './commission-rate.ts';
import { feeBurnEndpoints } from './fee-burn.ts';
import { forceOrders } from './force-orders.ts';
import { income } from './income.ts';
import { changeLeverage } from './leverage.ts';
import { leverageBracket } from './leverage-bracket.ts';
import { changeMarginType } from './margin-type.ts';
import { multiAssetsEndpoints } from './multi-assets.ts';
import { positionMarginEndpoints } from './position-margin.ts';
import { positionRiskEndpoints } from './position-risk.ts';
import { positionSideEndpoints } from './position-side.ts';
import { symbolConfig } from './symbol-config.ts';

/** Every endpoint of an account's money, positions and settings. */
export const ACCOUNT_ENDPOINTS: readonly ServedEndpoint[] = [
  ...accountEndpoints,
  ...balanceEndpoints,
  ...positionRiskEndpoints,
  ...positionMarginEndpoints,
  ...positionSideEndpoints,
  ...multiAssetsEndpoints,
  ...feeBurnEndpoints,
  changeLeverage,
  changeMarginType,
  leverageBracket,
  accountConfig,
  symbolConfig,
  commissionRate,
  apiTradingStatus,
  adlQuantile,
  forceOrders,
  income,
];

import { isLoose } from '../../wire/field-checks.ts';
import { badField } from '../../wire/wire-fault.ts';
import { defineEndpoint } from '../endpoint.ts';

/** Modes of the whole account, and whether it may trade. */
export interface AccountConfig {
  readonly canTrade: boolean;
  /** A long and a short position of one symbol at once. */
  readonly isHedge: boolean;
  /** Several assets count as margin. */
  readonly isMultiAssets: boolean;
}

/** `GET /fapi/v1/accountConfig`, signed. */
export const askAccountConfig = defineEndpoint<void, AccountConfig>({
  path: '/fapi/v1/accountConfig',
  query: () => ({}),
  weight: () => 5,
  parse(json) {
    if (!isLoose(json)) return badField('accountConfig', 'the answer', json);
    const { canTrade, dualSidePosition, multiAssetsMargin } = json;
    if (typeof canTrade !== 'boolean') return badField('accountConfig', 'canTrade', canTrade);
    if (typeof dualSidePosition !== 'boolean') return badField('accountConfig', 'dualSidePosition', dualSidePosition);
    if (typeof multiAssetsMargin !== 'boolean')
      return badField('accountConfig', 'multiAssetsMargin', multiAssetsMargin);
    return { canTrade, isHedge: dualSidePosition, isMultiAssets: multiAssetsMargin };
  },
});

import { ok, type ServedEndpoint } from '../endpoint.ts';
import { wordParameter } from '../parameters.ts';
import { multiAssetsWithIsolated, multiAssetsWithOrders, sameMultiAssets } from './margin-refusal.ts';
import { SUCCESS } from './money-fields.ts';
import { signedEndpoint } from './signed-endpoint.ts';

const PATH = '/fapi/v1/multiAssetsMargin';

/** `GET` and `POST /fapi/v1/multiAssetsMargin`. The mode changes no margin here, because USDT is the only asset. */
export const multiAssetsEndpoints: readonly ServedEndpoint[] = [
  signedEndpoint({
    method: 'GET',
    path: PATH,
    weight: () => 30,
    answer: ({ account }) => ok({ multiAssetsMargin: account.isMultiAssets }),
  }),
  signedEndpoint({
    method: 'POST',
    path: PATH,
    weight: () => 1,
    answer: ({ query, account, trading }) => {
      const word = wordParameter(query, 'multiAssetsMargin', ['true', 'false']);
      if (word.kind !== 'VALUE') return word;
      const isOn = word.value === 'true';
      if (isOn === account.isMultiAssets) return sameMultiAssets();
      if (isOn && account.settings.marginTypes.some(([, type]) => type === 'ISOLATED'))
        return multiAssetsWithIsolated();
      if (trading.engine.open.ofAccount(account.id).length > 0) return multiAssetsWithOrders();
      account.isMultiAssets = isOn;
      trading.emit([{ kind: 'MULTI_ASSETS', accountId: account.id, ts: trading.now(), isOn }]);
      return ok(SUCCESS);
    },
  }),
];

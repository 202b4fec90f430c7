import { maxNotional } from '@helios/core/matching/brackets.ts';
import { absMoney } from '@helios/core/matching/money.ts';
import { BRACKETS } from '../../listing/brackets.ts';
import { marginOf } from '../../trading/margin-state.ts';
import { ok } from '../endpoint.ts';
import { missing, type Refusal } from '../refusal.ts';
import { listedSymbol } from './asked-symbol.ts';
import { aboveMaxPosition, badLeverage, isolatedLeverageReduced, leverageTooSmall } from './margin-refusal.ts';
import { maxNotionalText } from './money-fields.ts';
import { type Call, signedEndpoint } from './signed-endpoint.ts';

const MAX_LEVERAGE = BRACKETS[0]?.maxLeverage ?? 1;

/** `POST /fapi/v1/leverage`. */
export const changeLeverage = signedEndpoint({
  method: 'POST',
  path: '/fapi/v1/leverage',
  weight: () => 1,
  answer: (call) => {
    const { query, account, exchange, trading } = call;
    const symbol = listedSymbol(query, exchange);
    if (symbol.kind !== 'VALUE') return symbol;
    const text = query.get('leverage') ?? '';
    if (text === '') return missing('leverage');
    const leverage = /^\d{1,3}$/.test(text) ? Number(text) : 0;
    if (leverage < 1 || leverage > MAX_LEVERAGE) return badLeverage(text);
    const problem = leverageProblem(call, symbol.value, leverage);
    if (problem !== undefined) return problem;
    if (leverage !== account.leverage(symbol.value)) {
      account.setLeverage(symbol.value, leverage);
      trading.emit([{ kind: 'LEVERAGE', accountId: account.id, ts: trading.now(), symbol: symbol.value, leverage }]);
    }
    return ok({ symbol: symbol.value, leverage, maxNotionalValue: maxNotionalText(leverage) });
  },
});

/** Why the positions and orders of the symbol do not allow this leverage. */
function leverageProblem({ account, trading }: Call, symbol: string, leverage: number): Refusal | undefined {
  const before = account.leverage(symbol);
  const isHeld = account.holds(symbol);
  if (account.marginType(symbol) === 'ISOLATED' && isHeld && leverage < before) return isolatedLeverageReduced();
  const most = maxNotional(leverage, BRACKETS);
  const state = marginOf(account, trading, { leverage: { symbol, leverage } });
  for (const { notional, bidNotional, askNotional } of state.positions.filter((one) => one.symbol === symbol)) {
    if (absMoney(notional + bidNotional) > most || absMoney(notional - askNotional) > most) return aboveMaxPosition();
  }
  return leverage < before && state.free < 0n ? leverageTooSmall() : undefined;
}

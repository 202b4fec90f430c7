import type { Contract } from '../../listing/contract.ts';
import type { TradeTape } from '../../market/trade-tape.ts';
import { type KlineEvent, klineFields } from './kline-message.ts';

/** `<pair>_<contractType>@continuousKline_<interval>`: the kline of the pair's present contract of this type. */
export function continuousKlineMessage(
  { pair, contractType }: Contract,
  event: KlineEvent,
  tape: TradeTape,
  nowTs: number,
): Record<string, unknown> {
  return { e: 'continuous_kline', E: nowTs, ps: pair, ct: contractType, k: klineFields(event, tape) };
}

import { isLoose, isSignedDecimal, isSymbol, isUnsignedDecimal, isWhole, type Loose } from '../../wire/field-checks.ts';
import { badField, type WireFault } from '../../wire/wire-fault.ts';
import { defineEndpoint, parseAccountRows } from '../endpoint.ts';

/** A position as the venue shows it. Decimal strings, as the venue wrote them. */
export interface VenuePositionRow {
  readonly symbol: string;
  /** BOTH in one-way mode, LONG and SHORT in hedge mode. */
  readonly positionSide: 'BOTH' | 'LONG' | 'SHORT';
  /** Base currency; negative: short; zero for a symbol with only an open order. */
  readonly amount: string;
  /** Zero without a position. */
  readonly entryPrice: string;
  readonly markPrice: string;
  /** Zero if no price liquidates the position. */
  readonly liquidationPrice: string;
  readonly unrealizedProfit: string;
  readonly initialMargin: string;
  readonly maintenanceMargin: string;
  readonly tsUpdate: number;
}

/** `GET /fapi/v3/positionRisk`, signed: the symbols with a position or an open order. Source: developers.binance.com, Position Information V3. */
export const positionRisk = defineEndpoint<{ readonly symbol?: string }, readonly VenuePositionRow[]>({
  path: '/fapi/v3/positionRisk',
  query: ({ symbol }) => ({ symbol }),
  weight: () => 5,
  parse: (json) => parseAccountRows('positionRisk', json, parsePosition),
});

const SIGNED = ['positionAmt', 'unRealizedProfit'] as const;
const UNSIGNED = ['entryPrice', 'markPrice', 'liquidationPrice', 'initialMargin', 'maintMargin'] as const;

function parsePosition(json: unknown): VenuePositionRow | WireFault {
  if (!isLoose(json)) return badField('positionRisk', 'a row', json);
  const { symbol, positionSide, updateTime } = json;
  if (!isSymbol(symbol)) return badField('positionRisk', 'symbol', symbol);
  if (positionSide !== 'BOTH' && positionSide !== 'LONG' && positionSide !== 'SHORT')
    return badField('positionRisk', 'positionSide', positionSide);
  if (!isWhole(updateTime)) return badField('positionRisk', 'updateTime', updateTime);
  const wrong =
    SIGNED.find((field) => !isSignedDecimal(json[field])) ?? UNSIGNED.find((field) => !isUnsignedDecimal(json[field]));
  if (wrong !== undefined) return badField('positionRisk', wrong, json[wrong]);
  const { positionAmt, unRealizedProfit, entryPrice, markPrice, liquidationPrice, initialMargin, maintMargin } =
    json as Loose & Readonly<Record<(typeof SIGNED | typeof UNSIGNED)[number], string>>;
  return {
    ...{ symbol, positionSide, amount: positionAmt, entryPrice, markPrice, liquidationPrice, initialMargin },
    ...{ unrealizedProfit: unRealizedProfit, maintenanceMargin: maintMargin, tsUpdate: updateTime },
  };
}

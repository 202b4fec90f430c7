import type { Exchange } from '../exchange.ts';
import type { Listed } from '../listing/listed.ts';
import { openInterest } from '../market/open-interest.ts';
import type { VenueKline } from '../market/venue-kline.ts';
import { ok, type ServedEndpoint } from './endpoint.ts';
import { limitParameter, mandatorySymbol, type Parameter, windowParameters, wordParameter } from './parameters.ts';
import { badValue, invalidSymbol } from './refusal.ts';

const PERIODS = ['5m', '15m', '30m', '1h', '2h', '4h', '6h', '12h', '1d'] as const;
const CONTRACT_TYPES = ['PERPETUAL', 'CURRENT_QUARTER', 'NEXT_QUARTER'] as const;
const USUAL_LIMIT = 30;
const MAX_LIMIT = 500;
/** Statistics reach back this far. */
const KEPT_MS = 30 * 86_400_000;

type Row = Readonly<Record<string, unknown>>;
type Find = (query: URLSearchParams, exchange: Exchange) => Parameter<Listed | undefined>;

/** Statistics of one contract, one row per period, oldest first; each has the time of the period's end. */
function statistics(
  name: string,
  find: Find,
  rowOf: (listed: Listed, kline: VenueKline, nowTs: number) => Row,
): ServedEndpoint {
  return {
    method: 'GET',
    path: `/futures/data/${name}`,
    pool: 'STATISTICS',
    weight: () => 0,
    answer(query, exchange) {
      const listed = find(query, exchange);
      if (listed.kind !== 'VALUE') return listed;
      const period = wordParameter(query, 'period', PERIODS);
      if (period.kind !== 'VALUE') return period;
      const limit = limitParameter(query, USUAL_LIMIT, MAX_LIMIT);
      if (limit.kind !== 'VALUE') return limit;
      const window = windowParameters(query);
      if (window.kind !== 'VALUE') return window;
      const found = listed.value;
      if (found === undefined) return invalidSymbol();
      const nowTs = exchange.now();
      const { from, to } = window.value;
      if (from !== undefined && from < nowTs - KEPT_MS) return badValue('startTime');
      const klines = found.market.klines
        .klines(period.value)
        .filter(({ openTs }) => (from === undefined || openTs >= from) && openTs <= (to ?? nowTs));
      const wanted = from === undefined ? klines.slice(-limit.value) : klines.slice(0, limit.value);
      return ok(wanted.map((kline) => rowOf(found, kline, nowTs)));
    },
  };
}

const bySymbol: Find = (query, exchange) => {
  const symbol = mandatorySymbol(query);
  return symbol.kind === 'VALUE' ? { kind: 'VALUE', value: exchange.listed(symbol.value) } : symbol;
};

const byPairAndType: Find = (query, exchange) => {
  const pair = mandatorySymbol(query, 'pair');
  if (pair.kind !== 'VALUE') return pair;
  const type = wordParameter(query, 'contractType', CONTRACT_TYPES);
  if (type.kind !== 'VALUE') return type;
  return { kind: 'VALUE', value: exchange.ofPair(pair.value, type.value) };
};

/** The simulator has no positions, so longs and shorts are equal. */
const ratioRow = ({ contract }: Listed, { openTs }: VenueKline): Row => ({
  symbol: contract.symbol,
  longShortRatio: '1.0000',
  longAccount: '0.5000',
  shortAccount: '0.5000',
  timestamp: openTs,
});

/** `GET /futures/data/…`: open interest, long/short ratios, taker volumes, and the basis, by period. */
export const futuresData: readonly ServedEndpoint[] = [
  statistics('openInterestHist', bySymbol, ({ contract, market }, kline, nowTs) => {
    const open = openInterest(market, nowTs) ?? 0;
    return {
      symbol: contract.symbol,
      sumOpenInterest: open.toFixed(8),
      sumOpenInterestValue: (open * Number(kline.open)).toFixed(8),
      CMCCirculatingSupply: '0.00000000',
      timestamp: kline.openTs,
    };
  }),
  statistics('globalLongShortAccountRatio', bySymbol, ratioRow),
  statistics('topLongShortAccountRatio', bySymbol, ratioRow),
  statistics('topLongShortPositionRatio', bySymbol, ratioRow),
  statistics('takerlongshortRatio', bySymbol, (_listed, kline) => {
    const buys = Number(kline.takerVolume);
    const sells = Number(kline.volume) - buys;
    return {
      buySellRatio: (sells === 0 ? 0 : buys / sells).toFixed(4),
      buyVol: buys.toFixed(4),
      sellVol: sells.toFixed(4),
      timestamp: kline.openTs,
    };
  }),
  // The index equals the traded price here, so the basis is zero.
  statistics('basis', byPairAndType, ({ contract }, kline) => ({
    indexPrice: kline.open,
    contractType: contract.contractType,
    basisRate: '0.0000',
    futuresPrice: kline.open,
    annualizedBasisRate: '',
    basis: '0.00000000',
    pair: contract.pair,
    timestamp: kline.openTs,
  })),
];

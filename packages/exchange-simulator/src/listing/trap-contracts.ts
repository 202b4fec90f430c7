import type { ContractInput } from './contract.ts';

/** 2026-03-04T09:00Z: a delisted perpetual has a delivery date in the past. */
const GONE_MS = 1_772_614_800_000;
const COIN_MARGINED = { quoteAsset: 'USD', marginKind: 2 } as const;

/**
 * One contract of each kind that the venue lists. A scan for tradable USDT perpetuals on coins must skip all but the first
 * two.
 */
export const TRAP_CONTRACTS: readonly ContractInput[] = [
  { symbol: '1000PEPEUSDT', baseAsset: '1000PEPE', underlyingSubType: ['Meme'] },
  { symbol: 'UNIUSDT', underlyingSubType: ['DEFI'] },
  { symbol: 'BTCUSDC' },
  { symbol: 'ETHBTC' },
  { symbol: 'BTCUSDT_261225', contractType: 'CURRENT_QUARTER' },
  { symbol: 'ETHUSDT_270326', contractType: 'NEXT_QUARTER' },
  { symbol: 'BTCUSDT_260925', contractType: 'CURRENT_QUARTER DELIVERING', status: 'DELIVERING' },
  { symbol: 'TSLAUSDT', contractType: 'TRADIFI_PERPETUAL', underlyingType: 'EQUITY', underlyingSubType: ['TradFi'] },
  { symbol: 'XAUUSDT', contractType: 'TRADIFI_PERPETUAL', underlyingType: 'COMMODITY', underlyingSubType: ['TradFi'] },
  { symbol: 'TENCENTUSDT', contractType: 'TRADIFI_PERPETUAL', underlyingType: 'HK_EQUITY', status: 'TRADING_HALT' },
  { symbol: 'EURUSDT', contractType: 'TRADIFI_PERPETUAL', underlyingType: 'FX' },
  { symbol: 'BTCDOMUSDT', underlyingType: 'INDEX', underlyingSubType: ['Index'] },
  { symbol: 'NEWCOINUSDT', underlyingType: 'PREMARKET', underlyingSubType: ['PreMarket'] },
  { symbol: 'HALTEDUSDT', status: 'TRADING_HALT' },
  { symbol: 'SOONUSDT', status: 'PENDING_TRADING' },
  { symbol: 'EOSUSDT', status: 'SETTLING', deliveryDate: 1_747_814_400_000 },
  { symbol: 'LASTUSDT', status: 'PRE_SETTLE' },
  { symbol: 'GONEUSDT', status: 'CLOSE', deliveryDate: GONE_MS },
  { symbol: '币安人生USDT', baseAsset: '币安人生' },
  { symbol: 'BTCUSD_PERP', ...COIN_MARGINED, baseAsset: 'BTC', marginAsset: 'BTC' },
  {
    symbol: 'ETHUSD_261225',
    ...COIN_MARGINED,
    baseAsset: 'ETH',
    marginAsset: 'ETH',
    contractType: 'CURRENT_QUARTER',
  },
];

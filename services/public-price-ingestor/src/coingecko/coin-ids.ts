/** A coin at CoinGecko, and the number of coins in one unit of the contract. */
export interface CoinGeckoCoin {
  readonly id: string;
  /** 1000 for contracts such as 1000PEPEUSDT; 1 for most. */
  readonly units: number;
}

/**
 * CoinGecko's id by the venue's base asset, for the most traded contracts. CoinGecko names coins by words, and tickers
 * are not unique there, so Helios never guesses an id. A symbol outside this list has no fallback price.
 */
const IDS: Readonly<Record<string, string>> = {
  AAVE: 'aave',
  ADA: 'cardano',
  ALGO: 'algorand',
  APE: 'apecoin',
  APT: 'aptos',
  ARB: 'arbitrum',
  ATOM: 'cosmos',
  AVAX: 'avalanche-2',
  AXS: 'axie-infinity',
  BCH: 'bitcoin-cash',
  BNB: 'binancecoin',
  BONK: 'bonk',
  BTC: 'bitcoin',
  CHZ: 'chiliz',
  COMP: 'compound-governance-token',
  CRV: 'curve-dao-token',
  DASH: 'dash',
  DOGE: 'dogecoin',
  DOT: 'polkadot',
  ENA: 'ethena',
  ETC: 'ethereum-classic',
  ETH: 'ethereum',
  FET: 'fetch-ai',
  FIL: 'filecoin',
  FLOKI: 'floki',
  GALA: 'gala',
  GRT: 'the-graph',
  HBAR: 'hedera-hashgraph',
  HYPE: 'hyperliquid',
  ICP: 'internet-computer',
  IMX: 'immutable-x',
  INJ: 'injective-protocol',
  JUP: 'jupiter-exchange-solana',
  KAS: 'kaspa',
  LDO: 'lido-dao',
  LINK: 'chainlink',
  LTC: 'litecoin',
  MANA: 'decentraland',
  NEAR: 'near',
  ONDO: 'ondo-finance',
  OP: 'optimism',
  ORDI: 'ordinals',
  PENDLE: 'pendle',
  PEPE: 'pepe',
  PYTH: 'pyth-network',
  RUNE: 'thorchain',
  SAND: 'the-sandbox',
  SEI: 'sei-network',
  SHIB: 'shiba-inu',
  SOL: 'solana',
  STX: 'blockstack',
  SUI: 'sui',
  SUSHI: 'sushi',
  TAO: 'bittensor',
  THETA: 'theta-token',
  TIA: 'celestia',
  TON: 'the-open-network',
  TRX: 'tron',
  UNI: 'uniswap',
  VET: 'vechain',
  WIF: 'dogwifcoin',
  WLD: 'worldcoin-wld',
  XLM: 'stellar',
  XMR: 'monero',
  XRP: 'ripple',
  XTZ: 'tezos',
  YFI: 'yearn-finance',
  ZEC: 'zcash',
};

/** The coin behind a USDT contract; undefined if unknown. */
export function coinOf(symbol: string): CoinGeckoCoin | undefined {
  const [, units = '', base = ''] = /^(10{3,6}|1M)?([A-Z0-9]+)USDT$/.exec(symbol) ?? [];
  const id = Object.hasOwn(IDS, base) ? IDS[base] : undefined;
  return id === undefined ? undefined : { id, units: units === '1M' ? 1_000_000 : Number(units || 1) };
}

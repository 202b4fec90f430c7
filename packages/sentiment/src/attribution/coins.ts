import { ORDINARY_WORDS } from './ordinary-words.ts';

/** When a ticker counts as its coin. */
export type TickerUse =
  /** Always, in upper or lower case: the word has no other meaning. */
  | 'ANY_CASE'
  /** In capitals, if the surrounding text is not in capitals. */
  | 'CAPITALS'
  /** In capitals near a trading word: the coin is little known, and the name may mean other things. */
  | 'IN_CONTEXT'
  /** In capitals, next to a trading word or in a list ("sold LINK", "LINK price", "BTC, LINK"): the ticker is an ordinary word. */
  | 'IN_TRADE'
  /** Only as a cashtag or in a pair (`$OP`, `OP/USDT`): this word usually has capitals, or capitals prove nothing. */
  | 'MARKED';

/** The names of a coin. */
export interface Coin {
  /** Base asset, such as `SOL` of `SOLUSDT`. */
  readonly base: string;
  readonly ticker: TickerUse;
  /** Names that always mean the coin, in lower case. */
  readonly names: readonly string[];
  /** Names that are also ordinary words: they count only near a trading word. */
  readonly words: readonly string[];
}

/** Base and use of its ticker | names | names that are ordinary words. */
const TABLE = `
BTC a | bitcoin,bitcoins,xbt,satoshis,sats |
ETH a | ethereum,ether |
BNB a | binance coin,bnb chain |
XRP a | ripple labs | ripple
SOL c | solana |
ADA c | cardano |
DOGE a | dogecoin,dogecoins |
DOT t | polkadot |
AVAX a | avax network | avalanche
MATIC a | matic network | polygon
POL c |  | polygon
LTC a | litecoin,litecoins |
LINK t | chainlink |
UNI m | uniswap |
ATOM c | atom coin | cosmos
XLM a | stellar lumens,lumens | stellar
XMR a | monero |
BCH a | bitcoin cash,bitcoincash,bcash |
BSV a | bitcoin sv |
ETC c | ethereum classic |
TRX a | tronix | tron
NEAR t | near protocol |
ALGO c | algorand |
FIL c | filecoin |
ICP c | internet computer |
VET t | vechain |
HBAR a | hedera,hashgraph |
SHIB a | shiba inu,shib inu | shiba
PEPE c | pepe coin | pepe
APT x | aptos |
ARB x | arbitrum |
OP m |  | optimism
SUI x | sui network | sui
SEI x | sei network |
INJ x |  | injective
TIA x | celestia |
AAVE a | aave |
MKR a | makerdao | maker
COMP t | compound finance |
CRV a | curve finance,curve dao |
SUSHI t | sushiswap |
SAND t |  | sandbox
MANA t | decentraland |
AXS c | axie infinity,axie |
APE t | apecoin |
GALA t | gala games |
FTM a |  | fantom
ONE m | harmony one | harmony
EGLD a | elrond,multiversx |
XTZ a | tezos |
EOS c | eosio |
NEO t |  | neo
DASH t |  | dash
ZEC a | zcash |
IOTA c | iota foundation |
LUNA c | terra luna,luna classic | luna
LUNC a | terra classic |
UST c | terrausd |
KAVA c |  | kava
RUNE c | thorchain |
GRT x | graph protocol | the graph
LRC a | loopring |
ENJ c | enjin |
CHZ a | chiliz |
BAT t | basic attention token |
ZIL c | zilliqa |
KSM a | kusama |
WAVES t |  | waves
CAKE t | pancakeswap |
TON t | toncoin,the open network |
WLD x | worldcoin |
JUP x |  | jupiter
RNDR a | render network,render token | render
FET x | fetch.ai |
STX x |  | stacks
IMX x | immutable x |
LDO x | lido dao | lido
SNX c | synthetix |
DYDX a | dydx |
GMX c |  |
BONK a | bonk |
WIF x | dogwifhat |
FLOKI a | floki inu,floki |
ORDI a | ordinals |
`;

const USES: Readonly<Record<string, TickerUse>> = {
  a: 'ANY_CASE',
  c: 'CAPITALS',
  x: 'IN_CONTEXT',
  t: 'IN_TRADE',
  m: 'MARKED',
};

/** Minimum length of a ticker: shorter ones may be any initials. */
const MIN_TICKER_LENGTH = 3;

/** The coins that posts mention most. */
export const COINS: readonly Coin[] = TABLE.trim().split('\n').map(coinOf);

function coinOf(line: string): Coin {
  const [head = '', names = '', words = ''] = line.split('|');
  const [base = '', use = ''] = head.trim().split(' ');
  const list = (text: string): string[] => (text.trim() === '' ? [] : text.trim().split(','));
  return { base, ticker: USES[use] ?? 'IN_CONTEXT', names: list(names), words: list(words) };
}

/** A coin outside the table: it has only its ticker. */
export function unknownCoin(base: string): Coin {
  const isWord = base.length < MIN_TICKER_LENGTH || ORDINARY_WORDS.has(base);
  return { base, ticker: isWord ? 'MARKED' : 'IN_CONTEXT', names: [], words: [] };
}

/** The base asset of a venue symbol: `SOL` of `SOLUSDT`, `PEPE` of `1000PEPEUSDT`. */
export function baseAssetOf(symbol: string): string {
  return symbol.replace(/(?:USDT|USDC|BUSD|FDUSD|USD)(?:_\d+)?$/, '').replace(/^1(?:0{3,6}|M)(?=[A-Z])/, '');
}

/** Subreddits about one coin: a text without a coin name is about it. */
export const SUBREDDIT_COIN: Readonly<Record<string, string>> = {
  bitcoin: 'BTC',
  bitcoinmarkets: 'BTC',
  bitcoinbeginners: 'BTC',
  bitcoincash: 'BCH',
  ethereum: 'ETH',
  ethtrader: 'ETH',
  ethfinance: 'ETH',
  dogecoin: 'DOGE',
  solana: 'SOL',
  cardano: 'ADA',
  polkadot: 'DOT',
  dot: 'DOT',
  ripple: 'XRP',
  xrp: 'XRP',
  litecoin: 'LTC',
  monero: 'XMR',
  chainlink: 'LINK',
  avax: 'AVAX',
  cosmosnetwork: 'ATOM',
  algorand: 'ALGO',
  shibarmy: 'SHIB',
  terraluna: 'LUNA',
};

/** How readily a ticker is taken for its coin. */
export type TickerUse =
  /** In any case: nothing else is called so. */
  | 'ANY_CASE'
  /** In capitals, where the text around is not in capitals. */
  | 'CAPITALS'
  /** In capitals beside a word of trading: the ticker is a word that is also shouted. */
  | 'IN_CONTEXT';

/** What a coin is called. */
export interface Coin {
  /** Base asset, as in `SOL` of `SOLUSDT`. */
  readonly base: string;
  readonly ticker: TickerUse;
  /** Names that mean the coin wherever they stand, small letters. */
  readonly names: readonly string[];
  /** Names that are words too: they count beside a word of trading only. */
  readonly words: readonly string[];
}

/** Base and use of its ticker | names | names that are words. */
const TABLE = `
BTC a | bitcoin,bitcoins,xbt,satoshis,sats |
ETH a | ethereum,ether |
BNB a | binance coin,bnb chain |
XRP a | ripple labs | ripple
SOL c | solana |
ADA c | cardano |
DOGE a | dogecoin,dogecoins |
DOT c | polkadot |
AVAX a | avax network | avalanche
MATIC a | matic network | polygon
POL c |  | polygon
LTC a | litecoin,litecoins |
LINK x | chainlink |
UNI c | uniswap |
ATOM c | atom coin | cosmos
XLM a | stellar lumens,lumens | stellar
XMR a | monero |
BCH a | bitcoin cash,bcash |
BSV a | bitcoin sv |
ETC c | ethereum classic |
TRX a | tronix | tron
NEAR x | near protocol |
ALGO c | algorand |
FIL c | filecoin |
ICP c | internet computer |
VET x | vechain |
HBAR a | hedera,hashgraph |
SHIB a | shiba inu,shib inu | shiba
PEPE c | pepe coin | pepe
APT x | aptos |
ARB x | arbitrum |
OP x |  | optimism
SUI x | sui network | sui
SEI x | sei network |
INJ x |  | injective
TIA x | celestia |
AAVE a | aave |
MKR a | makerdao | maker
COMP x | compound finance |
CRV a | curve finance,curve dao |
SUSHI c | sushiswap |
SAND x |  | sandbox
MANA x | decentraland |
AXS c | axie infinity,axie |
APE x | apecoin |
GALA x | gala games |
FTM a |  | fantom
ONE x | harmony one | harmony
EGLD a | elrond,multiversx |
XTZ a | tezos |
EOS c | eosio |
NEO x |  | neo
DASH x |  | dash
ZEC a | zcash |
IOTA c | iota foundation |
LUNA c | terra luna,luna classic | luna
LUNC a | terra classic |
UST c | terrausd |
KAVA c |  | kava
RUNE c | thorchain |
GRT x |  | graph
LRC a | loopring |
ENJ c | enjin |
CHZ a | chiliz |
BAT x | basic attention token |
ZIL c | zilliqa |
KSM a | kusama |
WAVES x |  | waves
CAKE x | pancakeswap |
TON x | toncoin,the open network |
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

const USES: Readonly<Record<string, TickerUse>> = { a: 'ANY_CASE', c: 'CAPITALS', x: 'IN_CONTEXT' };

/** The coins that posts talk about most. */
export const COINS: readonly Coin[] = TABLE.trim().split('\n').map(coinOf);

function coinOf(line: string): Coin {
  const [head = '', names = '', words = ''] = line.split('|');
  const [base = '', use = ''] = head.trim().split(' ');
  const list = (text: string): string[] => (text.trim() === '' ? [] : text.trim().split(','));
  return { base, ticker: USES[use] ?? 'IN_CONTEXT', names: list(names), words: list(words) };
}

/** A coin that the table does not know: its ticker alone, beside a word of trading. */
export function unknownCoin(base: string): Coin {
  return { base, ticker: 'IN_CONTEXT', names: [], words: [] };
}

/** The base asset of a venue symbol: `SOL` of `SOLUSDT`, `PEPE` of `1000PEPEUSDT`. */
export function baseOf(symbol: string): string {
  return symbol.replace(/(?:USDT|USDC|BUSD|FDUSD|USD)(?:_\d+)?$/, '').replace(/^1(?:0{3,6}|M)(?=[A-Z])/, '');
}

/** Subreddits that talk of one coin: what names no other is about it. */
export const SUBREDDIT_COIN: Readonly<Record<string, string>> = {
  bitcoin: 'BTC',
  bitcoinmarkets: 'BTC',
  bitcoinbeginners: 'BTC',
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

import { COINS, type Coin, SUBREDDIT_COIN, unknownCoin } from './coins.ts';

/** The cleaned text of a post or a comment, with its context. */
export interface Subject {
  /** Empty for a comment. */
  readonly title: string;
  readonly text: string;
  readonly subreddit: string;
  /** The coins of the post above a comment. */
  readonly parent?: Relevance;
}

/** Coin (base asset) → its share of the text, 0..1. */
export type Relevance = Readonly<Record<string, number>>;

const IN_TITLE = 1;
const IN_TEXT = 0.7;
const BY_SUBREDDIT = 0.4;
const BY_PARENT = 0.5;
/** A text with more coins counts as a list. */
const LIST_LENGTH = 6;
/** Number of words checked on each side of a ticker. */
const NEARBY = 3;
const MOSTLY = 0.6;

const TRADING = new Set(
  `buy buys buying bought sell sells selling sold hold holds holding holders hodl long short stake staking staked price prices coin coins
   token tokens chart charts pump pumping dump dumping bag bags moon bullish bearish ath dip usdt usd busd perp chain network
   protocol blockchain ecosystem airdrop mainnet futures margin position portfolio dca market invest invested investment altcoin altcoins`.split(
    /\s+/,
  ),
);

/** Trading verbs before a ticker. */
const DEALING = new Set(
  `buy buys buying bought sell sells selling sold hold holds holding hodl own owns owned long short stake staking staked dca`.split(
    ' ',
  ),
);
/** Words of a coin after its ticker. */
const OF_A_COIN = new Set(
  `coin coins token tokens price prices chart charts bag bags holders staking futures perp network protocol ecosystem chain mainnet blockchain
   airdrop usdt usd busd`.split(/\s+/),
);
/** Names of coins that are also places to trade other coins: “bought it on Uniswap” is not about UNI. */
const EXCHANGES = new Set(['uniswap', 'sushiswap', 'pancakeswap', 'dydx', 'raydium']);
const PLACING = new Set(['on', 'via', 'through', 'using', 'at', 'from']);
const JOINERS = new Set(['and', 'or', 'vs']);

/** `OP` of `OP/USDT` and of `OPUSDT`. Many stablecoins end in the other currencies, so short names with these do not count. */
const PAIR = /^(?:([\p{L}\p{N}]+)\/(?:USD[TC]?|BUSD)|([\p{L}\p{N}]+)(?:USDT|PERP)|([\p{L}\p{N}]{3,})(?:USDC?|BUSD))$/u;
const WORD = /\$?[\p{L}\p{N}]+(?:['.][\p{L}\p{N}]+)*(?:\/(?:USD[TC]?|BUSD)\b)?/giu;
const SENTENCE_END = /[.!?:;\n]/;

/** A text's words with precomputed properties. */
interface Words {
  readonly written: readonly string[];
  readonly small: readonly string[];
  /** True for a word that begins a sentence or the text. */
  readonly begins: readonly boolean[];
  /** True if most words are in capitals, so that capitals mean nothing. */
  readonly shouting: boolean;
}

/** Finds the coins a text is about. */
export class Attributor {
  readonly #coins: ReadonlyMap<string, Coin>;
  readonly #firstWords = new Map<string, { base: string; words: readonly string[]; common: boolean }[]>();

  /** @param bases coins in addition to those of the table */
  constructor(bases: Iterable<string>) {
    const coins = new Map(COINS.map((coin) => [coin.base, coin]));
    // A number is an amount, even after a dollar sign.
    for (const base of bases) if (!coins.has(base) && !/^\d+$/.test(base)) coins.set(base, unknownCoin(base));
    this.#coins = coins;
    for (const coin of coins.values()) {
      for (const name of coin.names) this.#learn(coin.base, name, false);
      for (const name of coin.words) this.#learn(coin.base, name, true);
    }
  }

  /** The coins of a text with their relevance. If it names none, the coins of the post, else that of the subreddit. */
  attribute({ title, text, subreddit, parent }: Subject): Relevance {
    const inTitle = this.#mentions(title);
    const inText = this.#mentions(text);
    const named = new Set([...inTitle, ...inText]);
    if (named.size > 0) {
      const share = named.size > LIST_LENGTH ? 1 / named.size : 1 / Math.sqrt(named.size);
      return Object.fromEntries([...named].map((base) => [base, share * (inTitle.has(base) ? IN_TITLE : IN_TEXT)]));
    }
    if (parent && Object.keys(parent).length > 0) {
      return Object.fromEntries(Object.entries(parent).map(([base, relevance]) => [base, BY_PARENT * relevance]));
    }
    // A subreddit may have the name “constructor”, a property of every object.
    const name = subreddit.toLowerCase();
    const own = Object.hasOwn(SUBREDDIT_COIN, name) ? SUBREDDIT_COIN[name] : undefined;
    return own === undefined ? {} : { [own]: BY_SUBREDDIT };
  }

  #learn(base: string, name: string, common: boolean): void {
    const words = name.split(' ');
    const known = this.#firstWords.get(words[0] ?? '') ?? [];
    // The longer name comes first: "bitcoin cash" does not mention bitcoin.
    this.#firstWords.set(
      words[0] ?? '',
      [...known, { base, words, common }].sort((a, b) => b.words.length - a.words.length),
    );
  }

  #mentions(text: string): Set<string> {
    const found = new Set<string>();
    const words = this.#wordsOf(text);
    /** End of the last mention. */
    let named = Number.NEGATIVE_INFINITY;
    for (let at = 0; at < words.written.length; ) {
      const { bases, length } = this.#nameAt(words, at) ?? this.#tickerAt(words, at, named) ?? { bases: [], length: 1 };
      for (const base of bases) found.add(base);
      at += length;
      if (bases.length > 0) named = at;
    }
    return found;
  }

  #wordsOf(text: string): Words {
    const found = [...text.matchAll(WORD)];
    const written = found.map(([word]) => word.replace(/'s$/i, ''));
    const begins = found.map(({ index }, at) => {
      const before = found[at - 1];
      return before === undefined || SENTENCE_END.test(text.slice(before.index + before[0].length, index));
    });
    const shouting = isShouting(written.filter((word) => !this.#coins.has(word)));
    return { written, small: written.map((word) => word.toLowerCase()), begins, shouting };
  }

  #nameAt(words: Words, at: number): Mention | undefined {
    const { written, small } = words;
    const fitting = (this.#firstWords.get(small[at] ?? '') ?? []).filter(({ words: name, common }) => {
      if (!name.every((word, index) => small[at + index] === word)) return false;
      return !common || (name.every((_, index) => isCapitalised(written[at + index])) && this.#nearTrade(small, at));
    });
    const longest = fitting[0]?.words.length;
    if (longest === undefined) return undefined;
    if (EXCHANGES.has(small[at] ?? '') && PLACING.has(small[at - 1] ?? '')) return { bases: [], length: longest };
    const bases = fitting.filter(({ words: name }) => name.length === longest).map(({ base }) => base);
    return { bases, length: longest };
  }

  /** @param named end of the previous mention */
  #tickerAt(words: Words, at: number, named: number): Mention | undefined {
    const word = words.written[at] ?? '';
    const upper = word.toUpperCase();
    const marked = upper.startsWith('$') ? upper.slice(1) : pairBase(upper);
    if (marked !== undefined && this.#coins.has(marked)) return { bases: [marked], length: 1 };
    const coin = this.#coins.get(upper);
    return coin && this.#isTicker(coin, words, at, named) ? { bases: [coin.base], length: 1 } : undefined;
  }

  #isTicker({ base, ticker }: Coin, words: Words, at: number, named: number): boolean {
    if (ticker === 'ANY_CASE') return true;
    if (ticker === 'MARKED' || words.written[at] !== base || words.shouting) return false;
    if (ticker === 'IN_CONTEXT') return this.#nearTrade(words.small, at);
    return ticker === 'CAPITALS' || this.#inTrade(words, at, named);
  }

  /** True if, within the sentence, a trading verb precedes it, a word of a coin follows, or it is in a list of coins. */
  #inTrade({ written, small, begins }: Words, at: number, named: number): boolean {
    const before = begins[at] ? undefined : small[at - 1];
    const after = begins[at + 1] === false ? small[at + 1] : undefined;
    if (DEALING.has(before ?? '') || OF_A_COIN.has(after ?? '')) return true;
    const joined = JOINERS.has(before ?? '') && begins[at - 1] === false;
    if (before !== undefined && named === (joined ? at - 1 : at)) return true;
    const next =
      after !== undefined && JOINERS.has(after) && begins[at + 2] === false
        ? written[at + 2]
        : after && written[at + 1];
    const ticker = this.#coins.get(next ?? '')?.ticker;
    return ticker === 'ANY_CASE' || ticker === 'CAPITALS';
  }

  /** True if a trading word, an amount of money, or a plain ticker is near. */
  #nearTrade(small: readonly string[], at: number): boolean {
    for (let near = Math.max(0, at - NEARBY); near <= at + NEARBY && near < small.length; near += 1) {
      const word = small[near] ?? '';
      if (near !== at && (TRADING.has(word) || /^\$\d/.test(word) || this.#isPlainTicker(word))) return true;
    }
    return false;
  }

  #isPlainTicker(word: string): boolean {
    return this.#coins.get(word.toUpperCase())?.ticker === 'ANY_CASE';
  }
}

/** The coins of a mention, and its length in words. */
interface Mention {
  readonly bases: readonly string[];
  readonly length: number;
}

function pairBase(upper: string): string | undefined {
  const [, slashed, joined, long] = PAIR.exec(upper) ?? [];
  return slashed ?? joined ?? long;
}

function isCapitalised(word: string | undefined): boolean {
  return word !== undefined && /^\p{Lu}/u.test(word);
}

/** True if most words other than tickers are in capitals. */
function isShouting(words: readonly string[]): boolean {
  const long = words.filter((word) => /^\p{L}{2,}$/u.test(word));
  const upper = long.filter((word) => word === word.toUpperCase());
  return long.length >= 4 && upper.length > MOSTLY * long.length;
}

import { COINS, type Coin, SUBREDDIT_COIN, unknownCoin } from './coins.ts';

/** What a post or a comment is about, cleaned. */
export interface Subject {
  /** Empty for a comment. */
  readonly title: string;
  readonly text: string;
  readonly subreddit: string;
  /** Of a comment: the coins of the post it stands under. */
  readonly parent?: Relevance;
}

/** Coin (base asset) → how much of the text is about it, 0..1. */
export type Relevance = Readonly<Record<string, number>>;

const IN_TITLE = 1;
const IN_TEXT = 0.7;
const BY_SUBREDDIT = 0.4;
const BY_PARENT = 0.5;
/** A text that names more coins than this is a list. */
const LIST_LENGTH = 6;
/** Words on either side of a ticker that are looked at. */
const NEARBY = 3;
const MOSTLY = 0.6;

const TRADING = new Set(
  `buy buys buying bought sell sells selling sold hold holds holding holders hodl long short stake staking staked price prices coin coins
   token tokens chart charts pump pumping dump dumping bag bags moon bullish bearish ath dip usdt usd busd perp chain network
   protocol blockchain ecosystem airdrop mainnet futures margin position portfolio dca market invest invested investment altcoin altcoins`.split(
    /\s+/,
  ),
);

/** Finds the coins a text is about. */
export class Attributor {
  readonly #coins: ReadonlyMap<string, Coin>;
  readonly #firstWords = new Map<string, { base: string; words: readonly string[]; common: boolean }[]>();

  /** @param bases coins that count besides those of the table */
  constructor(bases: Iterable<string>) {
    const coins = new Map(COINS.map((coin) => [coin.base, coin]));
    for (const base of bases) if (!coins.has(base)) coins.set(base, unknownCoin(base));
    this.#coins = coins;
    for (const coin of coins.values()) {
      for (const name of coin.names) this.#learn(coin.base, name, false);
      for (const name of coin.words) this.#learn(coin.base, name, true);
    }
  }

  /** The coins of a text with their relevance; those of the post, or the subreddit's, where it names none. */
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
    const own = SUBREDDIT_COIN[subreddit.toLowerCase()];
    return own === undefined ? {} : { [own]: BY_SUBREDDIT };
  }

  #learn(base: string, name: string, common: boolean): void {
    const words = name.split(' ');
    const known = this.#firstWords.get(words[0] ?? '') ?? [];
    // The longer name first: "bitcoin cash" is no mention of bitcoin.
    this.#firstWords.set(
      words[0] ?? '',
      [...known, { base, words, common }].sort((a, b) => b.words.length - a.words.length),
    );
  }

  #mentions(text: string): Set<string> {
    const found = new Set<string>();
    const words = text.match(/\$?[\p{L}\p{N}.]*[\p{L}\p{N}]/gu) ?? [];
    const small = words.map((word) => word.toLowerCase());
    const shouting = isShouting(words.filter((word) => !this.#coins.has(word)));
    for (let at = 0; at < words.length; ) {
      const named = this.#nameAt(words, small, at);
      if (named) {
        for (const base of named.bases) found.add(base);
        at += named.length;
        continue;
      }
      const base = this.#tickerAt(words, small, at, shouting);
      if (base) found.add(base);
      at += 1;
    }
    return found;
  }

  #nameAt(
    words: readonly string[],
    small: readonly string[],
    at: number,
  ): { bases: string[]; length: number } | undefined {
    const fitting = (this.#firstWords.get(small[at] ?? '') ?? []).filter(({ words: name, common }) => {
      if (!name.every((word, index) => small[at + index] === word)) return false;
      return !common || (isCapitalised(words[at]) && this.#nearTrade(small, at));
    });
    const longest = fitting[0]?.words.length;
    if (longest === undefined) return undefined;
    return {
      bases: fitting.filter(({ words: name }) => name.length === longest).map(({ base }) => base),
      length: longest,
    };
  }

  #tickerAt(words: readonly string[], small: readonly string[], at: number, shouting: boolean): string | undefined {
    const word = words[at] ?? '';
    const cashtag = word.startsWith('$');
    const written = cashtag ? word.slice(1) : word;
    const upper = written.toUpperCase();
    if (cashtag) return this.#coins.has(upper) ? upper : undefined;
    const base = this.#coins.has(upper) ? upper : pairBase(upper);
    const coin = this.#coins.get(base);
    if (coin === undefined) return undefined;
    if (base !== upper || coin.ticker === 'ANY_CASE') return base;
    if (written !== upper || shouting) return undefined;
    return coin.ticker === 'CAPITALS' || this.#nearTrade(small, at) ? base : undefined;
  }

  /** A word of trading, an amount of money, or a plain ticker stands near. */
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

/** `SOL` of `SOLUSDT`, `SOLUSD`, `SOLPERP`. */
function pairBase(upper: string): string {
  return upper.replace(/(?:USDT|USDC|BUSD|USD|PERP)$/, '');
}

function isCapitalised(word: string | undefined): boolean {
  return word !== undefined && /^\p{Lu}/u.test(word);
}

/** Capitals mean nothing where the words that are no tickers are mostly written in them too. */
function isShouting(words: readonly string[]): boolean {
  const long = words.filter((word) => /^\p{L}{2,}$/u.test(word));
  const upper = long.filter((word) => word === word.toUpperCase());
  return long.length >= 4 && upper.length > MOSTLY * long.length;
}

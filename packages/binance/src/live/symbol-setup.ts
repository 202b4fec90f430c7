import { setTimeout as pause } from 'node:timers/promises';
import type { MarginMode } from '@helios/shared/domain/account.ts';
import type { SymbolTerms } from '@helios/shared/domain/symbol-terms.ts';
import { type AccountFees, accountFees } from '../rest/endpoints/account-fees.ts';
import { leverageBrackets, type SymbolBrackets } from '../rest/endpoints/leverage-brackets.ts';
import { getSymbolConfig, type SymbolConfig } from '../rest/endpoints/symbol-config.ts';
import { postLeverage, postMarginType } from '../rest/endpoints/symbol-settings.ts';
import type { RestAnswer, RestFailure } from '../rest/rest-answer.ts';
import type { VenueRequests } from './venue-requests.ts';

/** What a symbol must be set to. */
export interface WantedSettings {
  readonly leverage: number;
  readonly marginMode: MarginMode;
}

/** Why a symbol is not set up. */
interface SetupFailure {
  readonly detail: string;
  /** The venue said nothing. */
  readonly isUnanswered?: true;
}

type Configs = ReadonlyMap<string, SymbolConfig>;

/** The venue's answer to a margin type that is set already. */
const SAME_MARGIN_TYPE = -4046;
/** Calls of one moment share a request. */
const GATHER_MS = 20;

/** Settings, fees and brackets of symbols. What the venue tells of all symbols at once is asked for all at once, because each request costs weight. */
export class SymbolSetup {
  readonly #requests: VenueRequests;
  readonly #fees = new Map<string, AccountFees>();
  #reading: Promise<RestAnswer<Configs>> | undefined;

  constructor(requests: VenueRequests) {
    this.#requests = requests;
  }

  /** Sets leverage and margin mode where they differ, and verifies them by a query. Undefined on success, else why not. */
  async prepare(symbol: string, wanted: WantedSettings): Promise<SetupFailure | undefined> {
    const before = await this.#configOf(symbol);
    if ('code' in before) return failureOf(before);
    if (isAsWanted(before, wanted)) return undefined;
    const refusal = await this.#change(before, wanted);
    if (refusal !== undefined) return failureOf(refusal);
    const after = await this.#configOf(symbol);
    if ('code' in after) return failureOf(after);
    if (isAsWanted(after, wanted)) return undefined;
    const { leverage, marginMode } = after;
    return {
      detail: `the venue shows leverage ${leverage} and ${marginMode}, wanted ${wanted.leverage} and ${wanted.marginMode}`,
    };
  }

  /**
   * Reads settings and brackets of the symbols, and the fees of one of them. Fees cost twenty times as much, and hardly differ: until
   * those of a symbol are read, those of `feesOf` count.
   */
  async terms(symbols: readonly string[], feesOf: string, nowMs: number): Promise<RestAnswer<readonly SymbolTerms[]>> {
    const [fees, configs, brackets] = await Promise.all([
      this.#requests.send(accountFees, { symbol: feesOf }, 'ENTRY'),
      this.#configs(),
      this.#requests.send(leverageBrackets, symbols.length === 1 ? { symbol: feesOf } : {}, 'ENTRY'),
    ]);
    if (fees.kind === 'FAILURE') return fees;
    if (configs.kind === 'FAILURE') return configs;
    if (brackets.kind === 'FAILURE') return brackets;
    this.#fees.set(feesOf, fees.value);
    const bracketsOf = new Map(brackets.value.map((one) => [one.symbol, one]));
    const terms = symbols.flatMap((symbol) => {
      const [config, own] = [configs.value.get(symbol), bracketsOf.get(symbol)];
      if (config === undefined || own === undefined) return [];
      return [termsOf(config, own, this.#fees.get(symbol) ?? fees.value, nowMs)];
    });
    return { ...configs, value: terms };
  }

  async #change(
    { symbol, marginMode, leverage }: SymbolConfig,
    wanted: WantedSettings,
  ): Promise<RestFailure | undefined> {
    if (marginMode !== wanted.marginMode) {
      const changed = await this.#requests.send(postMarginType, { symbol, marginMode: wanted.marginMode }, 'ENTRY');
      if (changed.kind === 'FAILURE' && changed.serverCode !== SAME_MARGIN_TYPE) return changed;
    }
    if (leverage === wanted.leverage) return undefined;
    const changed = await this.#requests.send(postLeverage, { symbol, leverage: wanted.leverage }, 'ENTRY');
    return changed.kind === 'FAILURE' ? changed : undefined;
  }

  async #configOf(symbol: string): Promise<SymbolConfig | RestFailure> {
    const answer = await this.#configs();
    if (answer.kind === 'FAILURE') return answer;
    const config = answer.value.get(symbol);
    if (config !== undefined) return config;
    const detail = `the venue lists no settings of ${symbol}`;
    return { kind: 'FAILURE', code: 'GARBAGE', detail, advice: 'Check that the account may trade the symbol.' };
  }

  /** The settings of all symbols, read after this call. */
  #configs(): Promise<RestAnswer<Configs>> {
    this.#reading ??= this.#readConfigs();
    return this.#reading;
  }

  async #readConfigs(): Promise<RestAnswer<Configs>> {
    await pause(GATHER_MS);
    this.#reading = undefined;
    const answer = await this.#requests.send(getSymbolConfig, {}, 'ENTRY');
    if (answer.kind === 'FAILURE') return answer;
    return { ...answer, value: new Map(answer.value.map((config) => [config.symbol, config])) };
  }
}

function termsOf(
  { symbol, leverage, marginMode }: SymbolConfig,
  { brackets }: SymbolBrackets,
  { maker, taker }: AccountFees,
  nowMs: number,
): SymbolTerms {
  return {
    ...{ symbol, maker_fee: Number(maker), taker_fee: Number(taker), leverage, margin_mode: marginMode },
    tiers: brackets.map(({ notionalCap, rate, amount, maxLeverage }) => ({
      ...{ notional_cap: notionalCap, rate, amount, max_leverage: maxLeverage },
    })),
    updated_ts: nowMs,
  };
}

/** No answer may be over in a moment; a refusal lasts. */
function failureOf({ code, detail }: RestFailure): SetupFailure {
  return code === 'DOWN' ? { detail, isUnanswered: true } : { detail };
}

function isAsWanted({ leverage, marginMode }: SymbolConfig, wanted: WantedSettings): boolean {
  return leverage === wanted.leverage && marginMode === wanted.marginMode;
}

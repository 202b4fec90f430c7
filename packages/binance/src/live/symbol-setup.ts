import type { MarginMode } from '@helios/shared/domain/account.ts';
import type { SymbolTerms } from '@helios/shared/domain/symbol-terms.ts';
import { accountFees } from '../rest/endpoints/account-fees.ts';
import { leverageBrackets } from '../rest/endpoints/leverage-brackets.ts';
import { type SymbolConfig, symbolConfig } from '../rest/endpoints/symbol-config.ts';
import { changeLeverage, changeMarginType } from '../rest/endpoints/symbol-settings.ts';
import type { RestAnswer } from '../rest/rest-answer.ts';
import type { VenueRequests } from './venue-requests.ts';

/** What a symbol must be set to. */
export interface WantedSettings {
  readonly leverage: number;
  readonly marginMode: MarginMode;
}

/** The venue's answer to a margin type that is set already. */
const SAME_MARGIN_TYPE = -4046;

/** Sets leverage and margin mode where they differ, and verifies them by a query. Undefined on success, else why not. */
export async function prepareSymbol(
  requests: VenueRequests,
  symbol: string,
  wanted: WantedSettings,
): Promise<string | undefined> {
  const before = await configOf(requests, symbol);
  if (before.kind === 'FAILURE') return before.detail;
  if (isAsWanted(before.value, wanted)) return undefined;
  if (before.value.marginMode !== wanted.marginMode) {
    const { marginMode } = wanted;
    const changed = await requests.send(changeMarginType, { symbol, marginMode }, 'ENTRY');
    if (changed.kind === 'FAILURE' && changed.serverCode !== SAME_MARGIN_TYPE) return changed.detail;
  }
  if (before.value.leverage !== wanted.leverage) {
    const { leverage } = wanted;
    const changed = await requests.send(changeLeverage, { symbol, leverage }, 'ENTRY');
    if (changed.kind === 'FAILURE') return changed.detail;
  }
  const after = await configOf(requests, symbol);
  if (after.kind === 'FAILURE') return after.detail;
  if (isAsWanted(after.value, wanted)) return undefined;
  const { leverage, marginMode } = after.value;
  return `the venue shows leverage ${leverage} and ${marginMode}, wanted ${wanted.leverage} and ${wanted.marginMode}`;
}

/** Reads fees, settings and leverage brackets of a symbol. */
export async function readSymbolTerms(
  requests: VenueRequests,
  symbol: string,
  nowMs: number,
): Promise<RestAnswer<SymbolTerms>> {
  const [fees, config, brackets] = await Promise.all([
    requests.send(accountFees, { symbol }, 'ENTRY'),
    configOf(requests, symbol),
    requests.send(leverageBrackets, { symbol }, 'ENTRY'),
  ]);
  if (fees.kind === 'FAILURE') return fees;
  if (config.kind === 'FAILURE') return config;
  if (brackets.kind === 'FAILURE') return brackets;
  const terms: SymbolTerms = {
    symbol,
    maker_fee: Number(fees.value.maker),
    taker_fee: Number(fees.value.taker),
    leverage: config.value.leverage,
    margin_mode: config.value.marginMode,
    tiers: brackets.value.map(({ notionalCap, rate, amount, maxLeverage }) => ({
      ...{ notional_cap: notionalCap, rate, amount, max_leverage: maxLeverage },
    })),
    updated_ts: nowMs,
  };
  return { ...config, value: terms };
}

async function configOf(requests: VenueRequests, symbol: string): Promise<RestAnswer<SymbolConfig>> {
  const answer = await requests.send(symbolConfig, { symbol }, 'ENTRY');
  if (answer.kind === 'FAILURE') return answer;
  const config = answer.value.find((one) => one.symbol === symbol);
  if (config !== undefined) return { ...answer, value: config };
  const detail = `the venue lists no settings of ${symbol}`;
  return { kind: 'FAILURE', code: 'GARBAGE', detail, advice: 'Check that the account may trade the symbol.' };
}

function isAsWanted({ leverage, marginMode }: SymbolConfig, wanted: WantedSettings): boolean {
  return leverage === wanted.leverage && marginMode === wanted.marginMode;
}

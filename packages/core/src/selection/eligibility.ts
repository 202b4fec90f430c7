import type { SelectionRejection } from '@helios/shared/domain/asset-selection.ts';
import type { Settings } from '@helios/shared/domain/settings.ts';
import type { Listing } from './market-survey.ts';
import { PEGGED_BASES } from './pegged-bases.ts';

/** Why a symbol cannot be watched, with the fact behind it. */
export interface Rejection {
  readonly code: SelectionRejection;
  readonly detail: string;
}

/** 2100-01-01. A perpetual ends at about 4133404800000 (2100-12-25); an earlier date means a planned delisting. */
export const ENDLESS_TS = 4_102_444_800_000;
const DAY_MS = 86_400_000;

type Rule = (listing: Listing, params: Settings['trading'], nowMs: number) => Rejection | undefined;

const isUsdMargined: Rule = ({ marginKind }) =>
  marginKind === undefined || marginKind === 1 ? undefined : no('NOT_USD_MARGINED', `st is ${marginKind}, not 1`);
const isPerpetual: Rule = ({ contractType }) => mustBe('NOT_PERPETUAL', 'contractType', contractType, 'PERPETUAL');
const isTrading: Rule = ({ status }) => mustBe('NOT_TRADING', 'status', status, 'TRADING');

/** Rules for symbols that the operator names. */
const NAMED_RULES: readonly Rule[] = [isUsdMargined, isPerpetual, isTrading];

/** In the order of the codes: facts from the venue first, settings of the operator last. */
const RULES: readonly Rule[] = [
  isUsdMargined,
  isPerpetual,
  ({ quoteAsset }) => mustBe('NOT_USDT_QUOTED', 'quoteAsset', quoteAsset, 'USDT'),
  ({ marginAsset }) => mustBe('NOT_USDT_MARGINED', 'marginAsset', marginAsset, 'USDT'),
  isTrading,
  ({ deliveryTs }) =>
    deliveryTs >= ENDLESS_TS ? undefined : no('DELIVERING', `a perpetual with a delivery date (${deliveryTs})`),
  ({ underlyingType }) => mustBe('NOT_COIN', 'underlyingType', underlyingType, 'COIN'),
  ({ symbol, baseAsset, quoteAsset }) =>
    /^[A-Z0-9]{2,30}$/.test(symbol) && symbol === baseAsset + quoteAsset
      ? undefined
      : no('ODD_SYMBOL', `its name is not ${baseAsset}${quoteAsset}, or has other characters than A–Z and 0–9`),
  ({ baseAsset }) =>
    PEGGED_BASES.has(baseAsset) ? no('PEGGED_BASE', `${baseAsset} follows a currency or gold`) : undefined,
  ({ symbol }, { blacklist }) =>
    blacklist.includes(symbol) ? no('BLACKLISTED', 'trading.blacklist names it') : undefined,
  ({ symbol }, { whitelist }) =>
    whitelist.length === 0 || whitelist.includes(symbol)
      ? undefined
      : no('NOT_WHITELISTED', 'trading.whitelist does not name it'),
  ({ onboardTs }, { min_listing_age_days: minDays }, nowMs) => {
    const days = (nowMs - onboardTs) / DAY_MS;
    return days >= minDays ? undefined : no('TOO_NEW', `listed for ${days.toFixed(1)} days, ${minDays} required`);
  },
];

/** The first reason why a listed symbol cannot be watched; undefined for a tradable USDT perpetual on a coin. */
export function ineligibility(listing: Listing, params: Settings['trading'], nowMs: number): Rejection | undefined {
  return firstOf(RULES, listing, params, nowMs);
}

/** Why a symbol in `trading.symbols` cannot be watched; undefined for a perpetual that is traded. */
export function namedIneligibility(
  listing: Listing | undefined,
  params: Settings['trading'],
  nowMs: number,
): Rejection | undefined {
  return listing === undefined
    ? no('NOT_LISTED', 'the venue does not list it')
    : firstOf(NAMED_RULES, listing, params, nowMs);
}

function firstOf(
  rules: readonly Rule[],
  listing: Listing,
  params: Settings['trading'],
  nowMs: number,
): Rejection | undefined {
  for (const rule of rules) {
    const rejection = rule(listing, params, nowMs);
    if (rejection !== undefined) return rejection;
  }
  return undefined;
}

function mustBe(code: SelectionRejection, field: string, value: string, wanted: string): Rejection | undefined {
  return value === wanted ? undefined : no(code, `${field} is ${value === '' ? 'empty' : value}, not ${wanted}`);
}

function no(code: SelectionRejection, detail: string): Rejection {
  return { code, detail };
}

import { exchangeInfo } from '@helios/binance/rest/endpoints/exchange-info.ts';
import { leverageBrackets } from '@helios/binance/rest/endpoints/leverage-brackets.ts';
import type { Listing } from '@helios/core/selection/market-survey.ts';
import { type DoctorFinding, fault, note, sound, unanswered } from './finding.ts';
import type { VenueAccess } from './venue-access.ts';

/** The symbol of the order checks if the settings name none. */
const USUAL = 'BTCUSDT';

export interface CheckedSymbols {
  readonly findings: readonly DoctorFinding[];
  /** A tradable symbol for the order checks; undefined if there is none. */
  readonly sample: Listing | undefined;
}

/** Checks that the symbols of the settings exist, trade, and have readable filters. */
export async function checkSymbols({ open, settings }: VenueAccess): Promise<CheckedSymbols> {
  const answer = await open.ask(exchangeInfo, undefined);
  if (answer.kind !== 'OK') return { findings: [unanswered('SYMBOLS', answer)], sample: undefined };
  const listed = new Map(answer.value.listings.rows.map((listing) => [listing.symbol, listing]));
  const wanted = settings.trading.symbols;
  const tradable = [...listed.values()].filter(isTradable);
  const sample = tradable.find(({ symbol }) => symbol === (wanted[0] ?? USUAL)) ?? tradable[0];
  if (sample === undefined)
    return { findings: [fault('SYMBOLS', 'the venue lists no tradable symbol', 'Check binance.rest_url')], sample };
  const bad = wanted.filter((symbol) => !isTradable(listed.get(symbol)));
  const problems = bad.map((symbol) => `${symbol} ${statusOf(listed.get(symbol))}`).join(', ');
  if (bad.length === 0)
    return {
      findings: [sound('SYMBOLS', `${wanted.length || tradable.length} tradable symbols with their filters`)],
      sample,
    };
  const fix = 'Correct trading.symbols';
  const finding = bad.length === wanted.length ? fault('SYMBOLS', problems, fix) : note('SYMBOLS', problems, fix);
  return { findings: [finding], sample };
}

function isTradable(listing: Listing | undefined): listing is Listing {
  return listing?.status === 'TRADING' && listing.contractType === 'PERPETUAL' && listing.marginAsset === 'USDT';
}

function statusOf(listing: Listing | undefined): string {
  if (listing === undefined) return 'is not listed';
  return listing.status === 'TRADING' ? `is no USDT perpetual (${listing.contractType})` : `is ${listing.status}`;
}

/** Checks that the account may use the leverage of the settings. */
export async function checkLeverage(
  { rest, settings }: Pick<VenueAccess, 'rest' | 'settings'>,
  { symbol }: Pick<Listing, 'symbol'>,
): Promise<DoctorFinding> {
  const answer = await rest.send(leverageBrackets, { symbol });
  if (answer.kind !== 'OK') return unanswered('LEVERAGE', answer);
  const own = answer.value.find((one) => one.symbol === symbol)?.brackets ?? [];
  if (own.length === 0) return fault('LEVERAGE', `${symbol} has no brackets`, 'Choose other trading.symbols');
  const max = Math.max(...own.map(({ maxLeverage }) => maxLeverage));
  const found = `${settings.trading.leverage} of at most ${max} on ${symbol}`;
  if (settings.trading.leverage <= max) return sound('LEVERAGE', found);
  return fault('LEVERAGE', found, 'Lower trading.leverage: the venue refuses it on every symbol with this limit');
}

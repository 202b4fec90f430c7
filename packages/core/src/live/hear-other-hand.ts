import type { LiveParts } from './live-parts.ts';
import type { VenueNews } from './venue-port.ts';

type AccountNews = Extract<VenueNews, { kind: 'SYMBOL_SETTINGS' | 'ACCOUNT_MODES' | 'MARGIN_CALL' }>;

/** An alarm stays at least this long, so that an operator sees it although the cause is over at once. */
const ALARM_MS = 10 * 60_000;

/** Applies what the venue tells of the account that no order of ours caused. */
export function hearOtherHand(parts: LiveParts, news: AccountNews, nowMs: number): void {
  const { account, modes, conditions, reconciliation } = parts;
  switch (news.kind) {
    case 'SYMBOL_SETTINGS':
      for (const row of news.rows) {
        account.onSettings(row, news.tsAsked, nowMs);
        hearSettings(parts, row, news.tsAsked, nowMs);
      }
      return;
    case 'ACCOUNT_MODES': {
      const wasMultiAssets = modes.isMultiAssets;
      modes.onModes(news, nowMs);
      if (modes.isMultiAssets !== wasMultiAssets) reconciliation.askNow(nowMs);
      return;
    }
    case 'MARGIN_CALL':
      conditions.marginCall = { ms: nowMs, symbols: news.symbols };
      reconciliation.askNow(nowMs);
      return;
  }
}

/** Somebody changed leverage or margin mode: the next entry sets them again, and an open position is looked at at once. */
function hearSettings(
  { context, readiness, reconciliation }: LiveParts,
  row: Parameters<LiveParts['readiness']['onSettings']>[0],
  tsAsked: number | undefined,
  nowMs: number,
): void {
  const difference = readiness.onSettings(row, tsAsked);
  if (difference === undefined) return;
  const { symbol } = row;
  const text = `${symbol}: another hand has set ${difference}; Helios sets it again before its next entry there`;
  context.alarms.raise(settingsKey(symbol), text);
  if (context.positions.of(symbol).length > 0) reconciliation.askNow(nowMs);
}

/** The settings of a symbol are verified: they count from now on, and the alarm of a change ends after a while. */
export function hearReady({ context, readiness, account }: LiveParts, symbol: string, nowMs: number): void {
  const key = settingsKey(symbol);
  if (!readiness.isReady(symbol)) return;
  // Terms that were read meanwhile may have the leverage from before.
  account.onSettings({ symbol, ...readiness.wanted }, undefined, nowMs);
  if (!context.alarms.has(key)) return;
  context.alarms.raise(
    key,
    `${symbol}: another hand had changed leverage or margin mode; both are set again`,
    nowMs + ALARM_MS,
  );
}

const settingsKey = (symbol: string): string => `settings ${symbol}`;

/** The venue's warning of a liquidation while it is new. */
export function marginCallOf({ conditions }: Pick<LiveParts, 'conditions'>, nowMs: number) {
  const { marginCall } = conditions;
  return marginCall !== undefined && nowMs - marginCall.ms < ALARM_MS ? marginCall : undefined;
}

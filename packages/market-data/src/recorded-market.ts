/** The venue market of a recording. */
export type RecordedMarket = 'usdm' | 'spot';

const DEPTH_UPDATE = /"e":\s?"depthUpdate"/;
/** COIN-M contracts are quoted in USD; their name contains the kind or delivery date. */
const COIN_M = /"s":\s?"([A-Z0-9]+USD_(?:PERP|\d{6}))"/;

/** Why a line cannot belong to this market, and what to do; undefined if nothing contradicts it. */
export function whyNotOf(market: RecordedMarket, text: string): string | undefined {
  const coin = COIN_M.exec(text)?.[1];
  if (coin !== undefined) {
    return `${coin} is a COIN-M contract, whose quantities are contracts and whose profit is in coins; Helios plays USDⓈ-M and spot`;
  }
  if (!DEPTH_UPDATE.test(text)) return undefined;
  const hasPrevious = text.includes('"pu":');
  if (market === 'usdm' && !hasPrevious) {
    return 'its depth updates have no `pu`, as those of spot; if it is a spot recording, add --market spot';
  }
  if (market === 'spot' && hasPrevious)
    return 'its depth updates have a `pu`, so it is of futures; leave out --market spot';
  return undefined;
}

import { DerivativesTradingUsdsFutures } from '@binance/derivatives-trading-usds-futures';
import { DefaultLogger, USDMClient, WebsocketAPIClient, WebsocketClient } from 'binance';
import ccxt from 'ccxt';
import type { RunningExchange } from '../../src/start-exchange.ts';
import { pointTo } from './base-addresses.ts';

/** Key and HMAC secret, or the PEM text of an Ed25519 private key. */
export interface Credentials {
  readonly apiKey: string;
  readonly apiSecret: string;
}

type Venue = Pick<RunningExchange, 'url' | 'streamUrl'>;
export type CcxtClient = InstanceType<typeof ccxt.pro.binanceusdm>;

/** ccxt, REST and pro; only its addresses are changed. Its pauses between requests are off: they would take 15 s of a session. */
export async function ccxtOn(venue: Venue, { apiKey, apiSecret }: Credentials): Promise<CcxtClient> {
  const client = new ccxt.pro.binanceusdm({ apiKey, secret: apiSecret, enableRateLimit: false });
  pointTo(venue, client.urls['api']);
  // ccxt needs this before it opens a connection without TLS.
  await client.loadHttpProxyAgent();
  return client;
}

/** The official client: REST, streams and WebSocket API. */
export function officialOn(venue: Venue, { apiKey, apiSecret }: Credentials): DerivativesTradingUsdsFutures {
  const key = apiSecret.includes('PRIVATE KEY') ? { apiKey, privateKey: apiSecret } : { apiKey, apiSecret };
  return new DerivativesTradingUsdsFutures({
    configurationRestAPI: { ...key, basePath: venue.url },
    configurationWebsocketStreams: { wsURL: venue.streamUrl },
    configurationWebsocketAPI: { ...key, wsURL: `${venue.streamUrl}/ws-fapi/v1` },
  });
}

const QUIET = { ...DefaultLogger, info: () => {} };

/** `binance` by siebly: REST, streams and WebSocket API. */
export function sieblyOn(venue: Venue, { apiKey, apiSecret }: Credentials) {
  const key = { api_key: apiKey, api_secret: apiSecret };
  const urls = { wsUrl: venue.streamUrl, restOptions: { baseUrl: venue.url } };
  return {
    rest: new USDMClient({ ...key, baseUrl: venue.url }),
    streams: new WebsocketClient({ ...key, ...urls }, QUIET),
    api: new WebsocketAPIClient({ ...key, ...urls, muteLatencyWarning: true, attachEventListeners: false }, QUIET),
  };
}

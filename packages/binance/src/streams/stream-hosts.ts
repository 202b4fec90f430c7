/** Addresses of the venue's market streams by network; `binance.stream_url` overrides them. */
const STREAM_URLS = { mainnet: 'wss://fstream.binance.com', testnet: 'wss://fstream.binancefuture.com' } as const;

/** The origin in force, without a trailing slash: the setting if it is set, else the network's own. */
export function streamUrlOf(network: 'mainnet' | 'testnet', setting: string): string {
  return (setting === '' ? STREAM_URLS[network] : setting).replace(/\/$/, '');
}

/** Where the venue's market streams are, by network; `binance.stream_url` overrides it. */
const STREAM_URLS = { mainnet: 'wss://fstream.binance.com', testnet: 'wss://fstream.binancefuture.com' } as const;

/** The origin in force, without a slash at its end: the setting where it is set, else the network's own. */
export function streamUrlOf(network: 'mainnet' | 'testnet', setting: string): string {
  return (setting === '' ? STREAM_URLS[network] : setting).replace(/\/$/, '');
}

/** REST addresses of the venue by network; `binance.rest_url` overrides them. */
const REST_URLS = { mainnet: 'https://fapi.binance.com', testnet: 'https://demo-fapi.binance.com' } as const;

/** The REST base URL in force: the setting if it is set, else the network's own. */
export function restUrlOf(network: 'mainnet' | 'testnet', setting: string): string {
  return setting === '' ? REST_URLS[network] : setting;
}

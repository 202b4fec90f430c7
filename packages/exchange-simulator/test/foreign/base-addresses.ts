import type { RunningExchange } from '../../src/start-exchange.ts';

/** Points every address of ccxt's table to the local venue; nothing else of the client changes. */
export function pointTo({ url, streamUrl }: Pick<RunningExchange, 'url' | 'streamUrl'>, table: unknown): void {
  const node = table as { [name: string]: unknown };
  for (const [name, value] of Object.entries(node)) {
    if (typeof value !== 'string') pointTo({ url, streamUrl }, value);
    else
      node[name] = value
        .replace(/https:\/\/[a-z]+\.binance\.com/, url)
        .replace(/wss:\/\/(?:fstream|ws-fapi)\.binance\.com/, streamUrl);
  }
}

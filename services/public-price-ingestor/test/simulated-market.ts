import { type RunningExchange, startExchange } from '@helios/exchange-simulator/start-exchange.ts';
import { createHttpClient, type HttpClient } from '@helios/shared/runtime/http-client.ts';
import { T0 } from '@helios/shared/testing/builders.ts';
import { createVirtualMarket, type VirtualMarket } from './virtual-market.ts';
import { VirtualTime } from './virtual-time.ts';

export interface SimulatedMarket {
  readonly exchange: RunningExchange;
  readonly market: VirtualMarket;
  stop(): Promise<void>;
}

/** The public market in virtual time with the exchange simulator on the same clock; answers come over real connections. */
export async function createSimulatedMarket(symbols: readonly string[]): Promise<SimulatedMarket> {
  const time = new VirtualTime(T0 + 7_000);
  const exchange = await startExchange({
    market: { kind: 'generator', symbols, updatesPerSecond: 1 },
    nowMs: time.now,
  });
  const real = createHttpClient();
  const http: HttpClient = {
    get: (url, timeoutMs) => time.during(real.get(url, timeoutMs)),
    close: () => real.close(),
  };
  const urls = { restUrl: exchange.url, polling: { coingecko_url: '', timeout_ms: 30_000 } };
  const market = await createVirtualMarket({ symbols, time, http, ...urls });
  return {
    exchange,
    market,
    async stop() {
      await market.stop();
      http.close();
      await exchange.stop();
    },
  };
}

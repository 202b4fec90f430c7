import { startExchange } from '@helios/exchange-simulator/start-exchange.ts';
import { BENCH_KEY } from './live-services.ts';

/** The local exchange of the live bench in its own process, with the symbols of the command line around 100 USDT. */
const symbols = process.argv.slice(2);
const venue = await startExchange({
  market: {
    ...{ kind: 'generator', symbols, updatesPerSecond: 1 },
    startPrices: Object.fromEntries(symbols.map((symbol) => [symbol, 100])),
  },
  accounts: [{ id: 'bench', keys: [BENCH_KEY], balance: '1000000' }],
});
process.on('disconnect', () => process.exit(0));
process.send?.({ url: venue.url, streamUrl: venue.streamUrl, controlUrl: venue.controlUrl });

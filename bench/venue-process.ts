import { startExchange } from '@helios/exchange-simulator/start-exchange.ts';

/** The venue in its own process, so that its work is not measured: SYMBOL,SYMBOL… Answers `requests` with its counts. */
const venue = await startExchange({
  market: { kind: 'generator', symbols: (process.argv[2] ?? '').split(','), updatesPerSecond: 5 },
});
process.on('message', () => process.send?.({ requests: venue.requests() }));
process.on('disconnect', () => process.exit(0));
process.send?.({ url: venue.url });

import { startExchange } from '@helios/exchange-simulator/start-exchange.ts';

/** The local exchange in its own process, so that its work alone is measured. Answers any message with its processor time and memory. */
const venue = await startExchange({
  market: { kind: 'generator', symbols: ['BTCUSDT'], updatesPerSecond: 5 },
  accounts: [{ id: 'bench', keys: [{ apiKey: 'K', apiSecret: 'S' }], balance: '100000000' }],
  limits: { weightPerMinute: 1e9 },
  orderLimits: { perTenSeconds: 1e9, perMinute: 1e9 },
});
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  globalThis.gc?.();
  const { heapUsed, rss } = process.memoryUsage();
  process.send?.({ cpuMs: (user + system) / 1_000, heapBytes: heapUsed, rssBytes: rss });
});
process.on('disconnect', () => process.exit(0));
process.send?.({ url: venue.url, streamUrl: venue.streamUrl });

import { createReplaySource } from '@helios/market-data/replay-source.ts';
import { DEFAULT_SYMBOLS } from '@helios/shared/core/selection/default-symbols.ts';
import type { SyntheticSource } from '@helios/shared/domain/fleet.ts';
import { defineService, type ServiceContext } from '@helios/shared/runtime/service.ts';
import { FeedLog } from './feed-log.ts';
import { Replay } from './replay.ts';
import { SyntheticMarket } from './synthetic-market.ts';

type Context = ServiceContext<'data-ingestor', 'trading'>;

/** The venue's texts in; books, trades, mark prices, candles and breaks out. From recordings or from the generator. */
export const dataIngestor = defineService({
  name: 'data-ingestor',
  settings: ['trading'],
  modes: ['live', 'synthetic'],
  async start(context) {
    const { mode, onStop } = context;
    if (mode.mode === 'live') {
      throw new Error(
        'live market data is not built yet. For a simulation remove the API key and start with ALLOW_SYNTHETIC=true.',
      );
    }
    if (mode.source === undefined)
      throw new Error('fleet:mode is synthetic but names no source; start the fleet anew.');
    const abort = new AbortController();
    const market = await openMarket(context, mode.source, abort.signal);
    const work = market.run();
    onStop('market', async () => {
      abort.abort();
      await work;
    });
  },
});

/** A recording that cannot be read is refused here, before anything was published. */
async function openMarket(
  context: Context,
  source: SyntheticSource,
  stop: AbortSignal,
): Promise<{ run(): Promise<void> }> {
  const { bus, clock, log, mode, settings, observeAge } = context;
  const feedLog = new FeedLog(log);
  if (source.kind === 'generator') {
    const named = settings.trading.symbols;
    const symbols = named.length === 0 ? DEFAULT_SYMBOLS : [...new Set(named.map((symbol) => symbol.toUpperCase()))];
    return new SyntheticMarket({ bus, log, feedLog, seed: source.seed, symbols, stop, observeAge });
  }
  const onFault = feedLog.onFault.bind(feedLog);
  const recording = createReplaySource({ files: source.files, onFault });
  const instruments = await recording.instruments();
  const { speed } = source;
  return new Replay({
    bus,
    clock,
    log,
    feedLog,
    source: recording,
    instruments,
    session: mode.session,
    speed,
    stop,
  });
}

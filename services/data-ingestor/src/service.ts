import { setMaxListeners } from 'node:events';
import { resolve } from 'node:path';
import { DEFAULT_SYMBOLS } from '@helios/core/selection/default-symbols.ts';
import { openRecording } from '@helios/market-data/record/open-recording.ts';
import { reportRecording } from '@helios/market-data/record/report-recording.ts';
import { createReplaySource } from '@helios/market-data/replay-source.ts';
import { createHttpClient } from '@helios/shared/runtime/http-client.ts';
import { defineService, type ServiceContext } from '@helios/shared/runtime/service.ts';
import { waitFor } from '@helios/shared/runtime/wait-for.ts';
import { plantedEdge } from '@helios/synthetic-market/planted-edge.ts';
import { FeedLog } from './feed-log.ts';
import { createLiveMarket } from './live/create-live-market.ts';
import { Replay } from './replay.ts';
import { SyntheticMarket } from './synthetic-market.ts';

/** Maximum number of parallel waits; each of them listens for the stop. */
const MAX_WAITS = 1_000;

/** Root of the repository; the settings name folders relative to it. */
const ROOT = resolve(import.meta.dirname, '../../..');

type Context = ServiceContext<'data-ingestor', 'binance' | 'polling' | 'trading' | 'recording' | 'system'>;

/** Source of the market. */
interface Market {
  /** Resolves when stopped; rejects on a bug of ours. */
  run(): Promise<void>;
}

/**
 * Messages of the venue in; books, trades, mark prices, klines and breaks out. Sources: the streams of the venue, recordings, or
 * the generator.
 */
export const dataIngestor = defineService({
  name: 'data-ingestor',
  settings: ['binance', 'polling', 'trading', 'recording', 'system'],
  modes: ['live', 'synthetic'],
  async start(context) {
    const { mode, onStop } = context;
    const abort = new AbortController();
    setMaxListeners(MAX_WAITS, abort.signal);
    const market = mode.mode === 'live' ? openLive(context, abort.signal) : await openMadeUp(context, abort.signal);
    const work = market.run();
    onStop('market', async () => {
      abort.abort();
      await work;
    });
  },
});

function openLive(context: Context, stop: AbortSignal): Market {
  const { bus, clock, log, mode, settings, every, observeAge } = context;
  const http = createHttpClient();
  stop.addEventListener('abort', () => http.close());
  const network = mode.network === 'mainnet' ? 'mainnet' : 'testnet';
  const dependencies = {
    bus,
    settings,
    network,
    run: mode.run,
    log,
    http,
    now: clock.now,
    wait: (ms: number) => waitFor(ms, stop),
    stop,
    random: Math.random,
    observeAge,
  } as const;
  const recording = openRecording({ ...dependencies, settings, root: ROOT });
  reportRecording({ ...dependencies, recording, every });
  return createLiveMarket(dependencies, recording);
}

/** Rejects an unreadable recording before anything is published. */
async function openMadeUp(context: Context, stop: AbortSignal): Promise<Market> {
  const { bus, clock, log, mode, settings, observeAge } = context;
  const { source } = mode;
  if (source === undefined) throw new Error('fleet:mode is synthetic but names no source; restart the fleet.');
  const feedLog = new FeedLog(log);
  if (source.kind === 'generator') {
    const named = settings.trading.symbols;
    const symbols = named.length === 0 ? DEFAULT_SYMBOLS : [...new Set(named.map((symbol) => symbol.toUpperCase()))];
    const { synthetic_edge_bp: bp, synthetic_edge_hours: hours } = settings.system;
    const edgeFrom = (startMs: number) => plantedEdge(bp, hours, startMs);
    return new SyntheticMarket({ bus, log, feedLog, seed: source.seed, symbols, edgeFrom, stop, observeAge });
  }
  const onFault = feedLog.onFault.bind(feedLog);
  const recording = createReplaySource({ files: source.files, market: source.market, onFault });
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

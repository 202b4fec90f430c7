import { isLimitMode } from '@helios/core/execution/fees.ts';
import type { TradingModel } from '@helios/core/model/trading-model.ts';
import type { Execution } from '@helios/shared/domain/execution.ts';
import type { MarketEvent } from '@helios/shared/domain/market-data.ts';
import type { TradingSignal } from '@helios/shared/domain/signal.ts';
import type { BacktestOptions } from './backtest-options.ts';
import type { PlayedResult } from './backtest-result.ts';
import type { DataWindow } from './data/market-target.ts';
import { openData } from './data/open-data.ts';
import type { PlayableData } from './data/playable-data.ts';
import { MinutePrices } from './minute-prices.ts';
import { AssumedFunding } from './models/assumed-funding.ts';
import { CANDLE_FILLS, candlesOf, modelsOnCandles } from './models/candle-fills.ts';
import { PARTIAL_FILLS } from './models/fill-model.ts';
import { modelInForce } from './models/model-in-force.ts';
import { modelsOf } from './models/models-of.ts';
import { queueFor, USUAL_MODELS, venueModelsOf } from './models/read-venue-models.ts';
import { PaperPath, type PathOptions } from './paper-path.ts';
import { quoteCurrenciesOf } from './report/currency.ts';
import { reportedSettings } from './reported-settings.ts';

/** How one run of the same backtest differs from the plain one. */
export interface RunChanges
  extends Pick<
    PathOptions,
    'latency' | 'recordsRefusals' | 'onRecord' | 'onReport' | 'createEngine' | 'createAccount'
  > {
  /** True: signals and refusals carry the features of their candidates. */
  readonly collectsFeatures?: boolean;
  /** Loads the model; by default that of `signals.model_dir`. */
  readonly loadModel?: () => Promise<TradingModel | undefined>;
  readonly settings?: BacktestOptions['settings'];
  readonly fromTs?: number;
  readonly window?: DataWindow;
  /** Sees every market event, and every assumed mark price. */
  readonly onEvent?: (event: MarketEvent) => void;
}

/** Plays files through strategy and paper account. Rejects with NotARecording or NotKlines if a file cannot be played. */
export async function runBacktest(options: BacktestOptions): Promise<PlayedResult> {
  return await playBacktest(await openData(options), options);
}

/** Plays opened data through strategy and paper account. */
export async function playBacktest(
  data: PlayableData,
  options: BacktestOptions,
  changes: RunChanges = {},
): Promise<PlayedResult> {
  const {
    settings = options.settings,
    fromTs = options.fromTs,
    window,
    onEvent,
    collectsFeatures,
    ...others
  } = changes;
  const { loadModel = () => modelInForce(settings, 'signals.model_dir' in options.changed), ...parts } = others;
  const prices = new MinutePrices();
  let sampled: PlayedResult['prices'] | undefined;
  let firstTs: number | undefined;
  let lastTs = 0;
  const observe = (event: MarketEvent) => {
    firstTs ??= event.ts_event;
    lastTs = Math.max(lastTs, event.ts_event);
    prices.onEvent(event);
    onEvent?.(event);
  };
  const pass = (symbol: string, ts: number, mid: number) => prices.onPassed(symbol, ts, mid);
  // An observer of events sees all of them.
  const observePassed = onEvent === undefined ? pass : undefined;
  const funding = new AssumedFunding(options.fundingRate);
  const { run, instruments } = data;
  const { latency, venueModels: chosen = USUAL_MODELS } = options;
  // The account of the live profile only takes, but follow-ups rest by the mode in every profile.
  const restsOnCandles = data.candleMs !== undefined && isLimitMode(settings.simulation.mode);
  const known = { ...chosen, queue: queueFor(chosen, data.isBookMadeUp ?? false) };
  const venueModels = data.candleMs === undefined ? known : modelsOnCandles(known, data.candleMs, restsOnCandles);
  const models = venueModelsOf(venueModels);
  const isBookMadeUp = data.isBookMadeUp === true || options.kind === 'KLINES';
  const model = await loadModel();
  const path = new PaperPath({
    settings,
    run,
    instruments,
    fromTs,
    observe,
    observePassed,
    funding,
    latency,
    models,
    restsOnCandles,
    candlesOf: data.candleMs && candlesOf(data.candleMs),
    model,
    collectsFeatures: collectsFeatures === true || model !== undefined,
    isBookMadeUp,
    ...parts,
  });
  const played = await data.play(path, { toTs: options.toTs, ...window });
  const { signals, decisions, refusals, trades, events, executions } = path.result();
  const inWindow = ({ timestamp }: { readonly timestamp: number }) => timestamp >= fromTs;
  return {
    ...{ run, files: options.files, trades, events, ...played },
    assumptions: [...doubtsOf(instruments), ...played.assumptions],
    ...([PARTIAL_FILLS, CANDLE_FILLS].includes(venueModels.fill) && { filledInParts: filledInParts(executions) }),
    ...reportedSettings({ settings, changed: options.changed }),
    models: modelsOf({
      ...options,
      venueModels,
      settings,
      latency: parts.latency ?? latency,
      assumed: funding.symbols(),
      late: funding.lateSymbols(),
      model,
      firstTs: firstTs ?? 0,
    }),
    firstTs: Math.max(firstTs ?? 0, fromTs),
    lastTs,
    decisions: decisions.filter(inWindow),
    refusals: refusals.filter(inWindow),
    mids: midsOf(signals),
    // A search never reads them.
    get prices() {
      sampled ??= prices.result();
      return sampled;
    },
  };
}

/** What makes figures mean less than they seem to; one sentence each. */
function doubtsOf(instruments: PlayableData['instruments']): string[] {
  const currencies = quoteCurrenciesOf(instruments.map(({ symbol }) => symbol));
  if (currencies.length < 2) return [];
  return [
    `Sums add ${currencies.join(' and ')}, which no account can: net, return, drawdown and daily ratios mean nothing. Play each currency alone.`,
  ];
}

function filledInParts(executions: readonly Execution[]): readonly string[] {
  return [...new Set(executions.flatMap(({ answer, signal_id }) => (answer === 'PARTIALLY_FILLED' ? signal_id : [])))];
}

function midsOf(signals: readonly TradingSignal[]): ReadonlyMap<string, number> {
  return new Map(
    signals.flatMap(({ signal_id, quote }) => (quote ? [[signal_id, (quote.bid + quote.ask) / 2] as const] : [])),
  );
}

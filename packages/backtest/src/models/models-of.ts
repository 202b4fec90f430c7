import type { TradingModel } from '@helios/core/model/trading-model.ts';
import type { Settings } from '@helios/shared/domain/settings.ts';
import type { BacktestOptions } from '../backtest-options.ts';
import { modelText } from './model-in-force.ts';
import { type LatencyModel, NO_LATENCY } from './order-latency.ts';
import { type ChosenModels, queueFor, USUAL_MODELS } from './read-venue-models.ts';

interface ModelsInUse {
  readonly settings: Pick<Settings, 'fees' | 'simulation'>;
  readonly kind: BacktestOptions['kind'];
  readonly latency?: LatencyModel | undefined;
  readonly venueModels?: ChosenModels | undefined;
  readonly fundingRate: number;
  readonly model?: TradingModel | undefined;
  /** First market time played, epoch ms. */
  readonly firstTs?: number;
  /** Symbols whose funding was assumed. */
  readonly assumed: readonly string[];
  /** Those of them whose data announce a funding later. */
  readonly late?: readonly string[];
}

/** The models of a run in plain sentences, for the report. */
export function modelsOf(inUse: ModelsInUse): readonly string[] {
  const { settings, latency = NO_LATENCY, venueModels = USUAL_MODELS } = inUse;
  const { impact, fill } = venueModels;
  const { maker_fee, taker_fee, slippage_bp } = settings.fees;
  return [
    `Fees: ${percent(maker_fee)} maker, ${percent(taker_fee)} taker of the value.`,
    fundingText(inUse),
    latency.about,
    `Impact: a taker walks the visible levels, plus ${slippage_bp} bp; beyond them at least 0.5 % worse.${impact.about}`,
    queueFor(venueModels, false).about,
    fill.about,
    settings.simulation.profile === 'live'
      ? `Liquidation: at a maintenance margin of ${settings.simulation.maintenance_margin_pct} % of the value.`
      : 'Liquidation: none. The simulation profile keeps no margin; play the live profile for it.',
    modelText(inUse.model, inUse.firstTs ?? 0),
  ];
}

function fundingText({ kind, assumed, late = [], fundingRate }: ModelsInUse): string {
  if (assumed.length === 0)
    return kind === 'KLINES' || kind === 'TRADES' ? 'Funding: none was due.' : 'Funding: as mark prices announce it.';
  const never = assumed.filter((symbol) => !late.includes(symbol));
  const parts = [
    ...(never.length > 0 ? [`for ${named(never)}; the data announce none`] : []),
    ...(late.length > 0 ? [`for ${named(late)} until the data announced it, over a minute after the first book`] : []),
  ];
  return `Funding: ASSUMED at ${percent(fundingRate)} every 8 hours ${parts.join('; and ')}.`;
}

const named = (symbols: readonly string[]) => (symbols.length > 3 ? `${symbols.length} symbols` : symbols.join(', '));

const percent = (share: number) => `${Number((100 * share).toFixed(6))} %`;

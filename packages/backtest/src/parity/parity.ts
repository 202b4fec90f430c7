import type { TradingModel } from '@helios/core/model/trading-model.ts';
import type { Violation } from '@helios/exchange-simulator/audit/auditor.ts';
import type { MarketSource } from '@helios/market-data/source.ts';
import type { Settings } from '@helios/shared/domain/settings.ts';
import { lastResume, type OperatorPlan } from '../operator-plan.ts';
import { runInProcess } from '../run-in-process.ts';
import { compareDecisions, type DecisionRow } from './compare-decisions.ts';
import { compareLegs } from './compare-legs.ts';
import type { LegRow } from './difference.ts';
import { type LiveRunResult, runLive } from './live-run.ts';
import { startOf } from './market-clock.ts';
import type { RunRecord } from './run-record.ts';
import { tradePairs } from './trade-pairs.ts';

export interface ParityOptions {
  /** Opens the market from its start; each call gives the same frames. */
  readonly open: () => MarketSource;
  /** Settings of both runs. */
  readonly settings: Settings;
  /** Other settings of the live run, to show that the comparison finds a fault. */
  readonly liveSettings?: Settings;
  /** Judges candidates of both runs. */
  readonly model?: TradingModel | undefined;
  /** Flatten is pressed again and again after this time, ms, and Start after it: both runs begin again without positions. */
  readonly flattenEveryMs: number;
}

/** Both runs, side by side. */
export interface Parity {
  readonly live: LiveRunResult;
  readonly paper: RunRecord;
  readonly decisions: readonly DecisionRow[];
  readonly legs: readonly LegRow[];
  /** Broken invariants of the live run, by the exchange's own history. */
  readonly violations: readonly Violation[];
}

const RUN = 'parity';
/** Time for the last orders of a Flatten, ms. */
const FLATTEN_MS = 10_000;

/** After this time without positions the strategy decides as if there had been none: no cooldown runs, no refusal is held back. */
function forgetsAfterMs({ signals }: Settings): number {
  return 1_000 * (signals.cooldown_sec + signals.refusal_log_interval_sec) + FLATTEN_MS;
}

/** Runs one market live on the local exchange and on paper under the live profile, and compares the two. */
export async function runParity(options: ParityOptions): Promise<Parity> {
  const { open, settings, liveSettings, flattenEveryMs } = options;
  const model = options.model && withoutOutcomeWatch(options.model);
  const operator: OperatorPlan = {
    startTs: await startOf(open()),
    flattenEveryMs: Math.max(flattenEveryMs, 2 * forgetsAfterMs(settings)),
    resumeAfterMs: forgetsAfterMs(settings),
  };
  const onPaper: Settings = { ...settings, simulation: { ...settings.simulation, profile: 'live' } };
  const live = await runLive({
    open,
    run: RUN,
    settings: liveSettings ?? settings,
    reference: settings,
    operator,
    model,
  });
  const paper = await runInProcess(open(), onPaper, RUN, { operator, model, collectsFeatures: true });
  const since = (ts: number) => lastResume(operator, ts);
  const { legs, roots } = compareLegs(tradePairs(live, paper), {
    ledger: live.truth.ledger,
    answers: live.answers,
    since,
    exitRestMs: settings.execution.exit_rest_ms,
  });
  const decisions = compareDecisions({ live, paper, roots, since });
  return { live, paper, legs, decisions, violations: live.violations };
}

/**
 * The same model without its watch over outcomes. Fills differ between both runs, so its alarm may come at different times, and it
 * outlives the positions that explain the difference.
 */
function withoutOutcomeWatch(model: TradingModel): TradingModel {
  const { name, isOfCandles, bestEdge, breakEven, manifest } = model;
  return {
    ...{ name, isOfCandles, bestEdge, breakEven },
    manifest: manifest && { ...manifest, drift: { ...manifest.drift, base_rate: undefined } },
    judge: (input) => model.judge(input),
    outOfRange: (features) => model.outOfRange(features),
  };
}

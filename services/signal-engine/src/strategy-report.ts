import type { StrategyEngine } from '@helios/core/strategy/engine.ts';
import { type MeasuredEdge, WARM_MOVES } from '@helios/core/strategy/reason-edge.ts';
import { enabledReasons } from '@helios/core/strategy/reasons/registry.ts';
import { roundTripCostBp, roundTripFeesBp } from '@helios/core/strategy/round-trip-cost.ts';
import { orderTypeFor, type TradingProfile } from '@helios/core/trading/profile.ts';
import { Maps, Records } from '@helios/shared/contracts/catalog.ts';
import type { ModelStatus } from '@helios/shared/domain/model-status.ts';
import type { StrategyParams } from '@helios/shared/domain/settings.ts';
import type { ReasonCode } from '@helios/shared/domain/signal.ts';
import type { ReasonMoves, StrategyStatus } from '@helios/shared/domain/strategy-status.ts';
import type { Bus } from '@helios/shared/runtime/bus.ts';
import { skipWhileAway } from '@helios/shared/runtime/redis-outage.ts';
import type { Logger } from '@helios/shared/runtime/service.ts';
import { reasonSettings } from './reason-settings.ts';

/** A market without a spread: what is left of a cost on it are fees and slippage. */
const NO_SPREAD = { bid: 1, ask: 1, levels: undefined };

/** No move is larger, basis points: a price times a hundred. A list with a larger one is damaged, and its mean would be no number. */
const MAX_MOVE_BP = 1e6;

/** A model of the operator's own has no card. */
const UNPROVED = 'It has no manifest, so nobody knows what it is worth.';

const DAMAGED =
  'the kept moves of this reason are damaged (reason_moves): one is larger than any price allows. They are left out, and its estimate begins from zero';

interface Parts {
  readonly bus: Bus<'signal-engine'>;
  readonly engine: Pick<StrategyEngine, 'edges'>;
  readonly params: StrategyParams;
  readonly profile: TradingProfile;
  readonly run: string;
  readonly log: Pick<Logger, 'info' | 'warn'>;
  /** False in a replay: its result must not depend on an earlier one. */
  readonly remembers: boolean;
}

/** What the report says of the model. */
type ModelInReport = Pick<ModelStatus, 'model' | 'worth' | 'silent' | 'knows' | 'edge'>;

/** Reports what each reason is worth, and keeps what was measured across restarts. */
export interface StrategyReport {
  /** Gives the engine the moves that an earlier start of this run measured; `stampMs` is the machine's time. */
  restore(stampMs: number): Promise<void>;
  /** Writes the report, and moves that are new; `stampMs` is the machine's time. */
  write(model: ModelInReport, stampMs: number): Promise<void>;
}

const figuresOf = ({ meanBp, errorBp, lowerBp, newestBp }: MeasuredEdge) => ({
  ...{ mean_bp: meanBp, error_bp: errorBp, lower_bp: lowerBp, newest_bp: newestBp },
});

export function createStrategyReport({ bus, engine, params, profile, run, log, remembers }: Parts): StrategyReport {
  const reasons = enabledReasons(params);
  const kept = new Map<ReasonCode, number>();

  function lossOf(reason: ReasonCode): { lost_ts?: number } {
    const ts = engine.edges.lostTsOf(reason);
    return ts === undefined ? {} : { lost_ts: ts };
  }

  function statusOf({ model, worth, silent, knows, edge: model_edge }: ModelInReport, ts: number): StrategyStatus {
    return {
      ...(model !== 'none' && {
        model_worth: `${silent ?? worth ?? UNPROVED}${knows === undefined ? '' : ` It ${knows}.`}`,
      }),
      ...(model_edge && { model_edge: { ...model_edge, fees_bp: roundTripFeesBp(params, profile) } }),
      ...{ run, ts, model, moves_needed: WARM_MOVES, edge_gate: params.signals.edge_gate },
      before_estimate: profile.coldGate === 'REFUSE' ? 'refuses' : 'passes',
      cost_bp: roundTripCostBp(params, profile, 'LONG', NO_SPREAD),
      pays_spread: orderTypeFor(profile, 'ENTRY', undefined) === 'MARKET',
      edge_min_ratio: params.signals.edge_min_ratio,
      reasons: reasons.map((reason) => {
        const edge = engine.edges.of(reason);
        return { reason, moves: engine.edges.countOf(reason), ...(edge && figuresOf(edge)), ...lossOf(reason) };
      }),
    };
  }

  /** Redis lost what was kept: it was emptied, or came back without its data. */
  async function forgetIfLost(): Promise<void> {
    if (remembers && kept.size > 0 && (await bus.count(Maps.reasonMoves)) === 0) kept.clear();
  }

  function unkept(): ReasonMoves[] {
    const grown = reasons.filter((reason) => engine.edges.revisionOf(reason) !== (kept.get(reason) ?? 0));
    const keep = (reason: ReasonCode) => ({ run, reason, settings: reasonSettings(reason, params), ...lossOf(reason) });
    return remembers ? grown.map((reason) => ({ ...keep(reason), moves_bp: [...engine.edges.movesOf(reason)] })) : [];
  }

  return {
    async restore(stampMs) {
      if (!remembers) return;
      for (const { run: of, reason, settings, moves_bp, lost_ts } of Object.values(
        await bus.getMap(Maps.reasonMoves),
      )) {
        if (of !== run) continue;
        const present = reasonSettings(reason, params);
        const about = { reason, moves: moves_bp.length };
        // A loss from after now was noted before the clock was set back.
        const lostTs = lost_ts === undefined ? undefined : Math.min(lost_ts, stampMs);
        if (settings !== present) log.info({ ...about, settings, present }, 'moves of other settings left out');
        else if (moves_bp.some((move) => Math.abs(move) > MAX_MOVE_BP)) log.warn(about, DAMAGED);
        else engine.edges.restore(reason, moves_bp, lostTs, stampMs);
      }
    },
    async write(model, stampMs) {
      await skipWhileAway(async () => {
        await forgetIfLost();
        const counts = new Map(reasons.map((reason) => [reason, engine.edges.revisionOf(reason)]));
        const news = unkept();
        await bus.write((batch) => {
          batch.setRecord(Records.strategyStatus, statusOf(model, stampMs));
          for (const moves of news) batch.setField(Maps.reasonMoves, moves.reason, moves);
        });
        for (const [reason, count] of counts) kept.set(reason, count);
      });
    },
  };
}

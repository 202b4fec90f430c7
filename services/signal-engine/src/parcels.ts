import type { EngineOutput } from '@helios/core/strategy/engine-output.ts';
import { Channels, Maps, Records, Streams } from '@helios/shared/contracts/catalog.ts';
import type { FleetState } from '@helios/shared/domain/fleet.ts';
import type { RegimeState } from '@helios/shared/domain/market-state.ts';
import { isExit, type TradingSignal } from '@helios/shared/domain/signal.ts';
import type { Batch } from '@helios/shared/runtime/bus.ts';
import type { Parcel } from './outbox.ts';

type EngineBatch = Batch<'signal-engine'>;

/** What one event, command or timer gave rise to. */
export interface Outcome {
  readonly outputs: readonly EngineOutput[];
  readonly regime?: RegimeState | undefined;
  readonly fleetState?: FleetState;
  /** A lock-step frame to acknowledge, with the ids of the signals it gave rise to. */
  readonly ack?: { readonly seq: number; readonly signals: readonly string[] };
}

/** Ids of the signals among outputs. */
export function signalIdsOf(outputs: readonly EngineOutput[]): string[] {
  return outputs.flatMap((output) => (output.kind === 'SIGNAL' ? [output.signal.signal_id] : []));
}

/** An outcome as one pipeline: state, then news, and last the acknowledgement. `wallMs` stamps what is made now. */
export function parcelOf(outcome: Outcome, wallMs: number): Parcel {
  const { outputs, regime, fleetState, ack } = outcome;
  return {
    signals: signalIdsOf(outputs),
    put(batch) {
      if (regime) batch.setRecord(Records.marketRegime, regime, { symbol: regime.symbol });
      if (fleetState) {
        batch.setRecord(Records.fleetState, fleetState);
        batch.publish(Channels.fleetStateChanges, fleetState);
      }
      for (const output of outputs) putOutput(batch, output, wallMs);
      if (ack) {
        batch.publish(Channels.replayAcks, {
          service: 'signal-engine',
          seq: ack.seq,
          signals: [...ack.signals],
          resting_orders: 0,
        });
      }
    },
  };
}

function putOutput(batch: EngineBatch, output: EngineOutput, wallMs: number): void {
  switch (output.kind) {
    case 'SIGNAL':
      putSignal(batch, { ...output.signal, ts_init: wallMs });
      break;
    case 'REFUSAL': {
      const { report } = output;
      const stamped =
        report.kind === 'REFUSED' ? { ...report, decision: { ...report.decision, ts_init: wallMs } } : report;
      batch.append(Streams.refusals, stamped);
      break;
    }
    case 'TRAILING':
      if (output.trailing) batch.setField(Maps.trailingStops, output.field, output.trailing);
      else batch.deleteField(Maps.trailingStops, output.field);
      break;
  }
}

function putSignal(batch: EngineBatch, signal: TradingSignal): void {
  const { run, signal_id, symbol, timestamp } = signal;
  if (!isExit(signal.direction)) batch.setField(Maps.lastEntries, symbol, { run, signal_id, timestamp });
  batch.append(Streams.signals, signal);
  batch.publish(Channels.tradingSignals, signal);
}

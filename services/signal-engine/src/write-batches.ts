import { copyOfBook } from '@helios/core/book/unit-book.ts';
import type { EngineOutput } from '@helios/core/strategy/engine-output.ts';
import { Channels, Maps, Records, Streams } from '@helios/shared/contracts/catalog.ts';
import type { FleetState } from '@helios/shared/domain/fleet.ts';
import type { Book } from '@helios/shared/domain/market-data.ts';
import type { RegimeState } from '@helios/shared/domain/market-state.ts';
import { isExit, type TradingSignal } from '@helios/shared/domain/signal.ts';
import type { Batch } from '@helios/shared/runtime/bus.ts';
import type { WriteBatch } from './outbox.ts';

type EngineBatch = Batch<'signal-engine'>;

/** Outputs of one event, command or timer. */
export interface Outcome {
  readonly outputs: readonly EngineOutput[];
  readonly regimes?: readonly RegimeState[];
  readonly fleetState?: FleetState;
  /** Progress in a lock-step replay, with the signal ids of the last frame. */
  readonly ack?: { readonly seq: number; readonly signals: readonly string[] };
}

/** Ids of the signals in the outputs. */
export function signalIdsOf(outputs: readonly EngineOutput[]): string[] {
  return outputs.flatMap((output) => (output.kind === 'SIGNAL' ? [output.signal.signal_id] : []));
}

/**
 * Converts an outcome to one pipeline: state, then news, then the acknowledgement. `wallMs` stamps new messages. `lastBook` is
 * read at once, so that a waiting signal keeps the book of its decision.
 */
export function writeBatchOf(
  outcome: Outcome,
  wallMs: number,
  lastBook: (symbol: string) => Book | undefined,
): WriteBatch {
  const { outputs, regimes = [], fleetState, ack } = outcome;
  const books = new Map<string, Book | undefined>();
  for (const output of outputs) {
    if (output.kind !== 'SIGNAL') continue;
    books.set(output.signal.signal_id, withoutSeq(lastBook(output.signal.symbol)));
  }
  return {
    signals: signalIdsOf(outputs),
    put(batch) {
      for (const regime of regimes) batch.setRecord(Records.marketRegime, regime, { symbol: regime.symbol });
      if (fleetState) {
        batch.setRecord(Records.fleetState, fleetState);
        batch.publish(Channels.fleetStateChanges, fleetState);
      }
      for (const output of outputs) putOutput(batch, output, wallMs, books);
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

/** A book that accompanies a signal is not a frame of the replay, so its number is removed. */
function withoutSeq(book: Book | undefined): Book | undefined {
  return book?.seq === undefined ? book : copyOfBook(book, { seq: undefined });
}

function putOutput(
  batch: EngineBatch,
  output: EngineOutput,
  wallMs: number,
  books: ReadonlyMap<string, Book | undefined>,
): void {
  switch (output.kind) {
    case 'SIGNAL':
      putSignal(batch, { ...output.signal, ts_init: wallMs }, books.get(output.signal.signal_id));
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

function putSignal(batch: EngineBatch, signal: TradingSignal, book: Book | undefined): void {
  const { run, signal_id, symbol, timestamp } = signal;
  batch.append(Streams.signals, book === undefined ? signal : { ...signal, book });
  if (!isExit(signal.direction)) {
    batch.setField(Maps.lastEntries, symbol, { run, signal_id, timestamp });
    batch.setField(Maps.unansweredEntries, signal_id, signal);
  }
  batch.publish(Channels.tradingSignals, signal);
}

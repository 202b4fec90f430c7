import { basename, resolve } from 'node:path';
import { Channels } from '@helios/shared/contracts/catalog.ts';
import { skipWhileAway } from '@helios/shared/runtime/redis-outage.ts';
import { CsvExport } from './csv-export.ts';
import { LedgerWatch } from './ledger-watch.ts';
import { LedgerWrites } from './ledger-writes.ts';
import { type LoggerContext, type OpenedBooks, ROOT } from './open-books.ts';
import { type ProjectionOptions, RedisProjection } from './redis-projection.ts';
import { TradingStateKeeper } from './trading-state-keeper.ts';
import { TrainingLog } from './training-log.ts';

/** Newer trades than a kill can have cut off from their training rows. */
const RESTORED_TRADES = 200;

/** What paper and live trading do alike with their ledger. */
export interface LedgerUpkeep {
  readonly csv: CsvExport;
  readonly training: TrainingLog;
  readonly writes: LedgerWrites;
  readonly projection: RedisProjection;
  /** Follows the trading state, and writes the projection again after a lost connection. The projection must be written before. */
  begin(): Promise<void>;
  /** Starts the regular work: projection, trading state, CSV, ledger file. */
  repeat(): void;
}

/** Prepares projection, CSV and watch of a ledger. They end with the service. */
export function createLedgerUpkeep(
  context: LoggerContext,
  { ledger, memory, troubles }: OpenedBooks,
  shown: Pick<ProjectionOptions, 'kind' | 'state' | 'account'>,
): LedgerUpkeep {
  const { bus, settings, mode, log, every, onStop } = context;
  const { run } = mode;
  const nowMs = () => performance.now();
  const projection = new RedisProjection({
    ...{ ...shown, bus, log, nowMs },
    owner: () => ({ run, ledger: basename(ledger.path), ledger_id: ledger.identity().ledger_id }),
    trading: () => ledger.tradingState(),
  });
  const csv = new CsvExport({ folder: resolve(ROOT, settings.system.log_dir), run, ledger, log, nowMs });
  const training = new TrainingLog({ ledgerPath: ledger.path, run, log }, ledger.lastTrades(RESTORED_TRADES));
  const writes = new LedgerWrites({ csv, training, log, nowMs });
  const keeper = new TradingStateKeeper({ bus, ledger, run, log, show: () => void projection.refresh() });
  const wallNow = () => Date.now();
  const watch = new LedgerWatch({ ledger, troubles, refusal: () => writes.refusal(), wallNow, log });
  onStop('ledger and its exports', async () => {
    await projection.settled();
    await csv.flushNow();
    await training.close();
    watch.end();
    // Redis lacks what was recorded since the last note.
    await skipWhileAway(() => memory.note(ledger));
    ledger.close();
  });
  return {
    ...{ csv, training, writes, projection },
    async begin() {
      await memory.note(ledger);
      bus.onReconnect(() => projection.rebuild());
      await bus.subscribe(Channels.fleetStateChanges, (state) => keeper.keep(state));
      await keeper.check();
    },
    repeat() {
      every('compare redis with the ledger', 2_000, () => projection.check());
      every('keep the trading state', 1_000, () => keeper.check());
      every('write the daily CSV', 3_000, () => csv.flush());
      every('watch the ledger file', 1_000, () => watch.look());
      every('force the ledger to the disk', 1_000, () => memory.note(ledger));
    },
  };
}

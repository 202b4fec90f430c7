import { basename, resolve } from 'node:path';
import { isFresh } from '@helios/core/paper/paper-market.ts';
import { Channels, Maps, Records, Streams, Values } from '@helios/shared/contracts/catalog.ts';
import { skipWhileAway } from '@helios/shared/runtime/redis-outage.ts';
import { CsvExport } from './csv-export.ts';
import { ExternalSignals } from './external-signals.ts';
import { createHandMadeStops } from './hand-made-stops.ts';
import { LedgerWatch } from './ledger-watch.ts';
import { LedgerWrites } from './ledger-writes.ts';
import { LiveAccountHost } from './live-account-host.ts';
import { LiveRecorder } from './live-recorder.ts';
import { type LoggerContext, openBooks, ROOT } from './open-books.ts';
import { RedisProjection } from './redis-projection.ts';
import { TradingStateKeeper } from './trading-state-keeper.ts';

/** Keeps the books of live trading: signals, approved entries, answers and the venue's income; `core/journal` joins them. */
export async function startLive(context: LoggerContext): Promise<void> {
  const { bus, clock, settings, mode, log, every, onStop } = context;
  const { run } = mode;
  const nowMs = () => performance.now();
  const wallNow = () => Date.now();
  const { ledger, memory, troubles } = await openBooks(context);
  const account = new LiveAccountHost({
    ledger,
    settings,
    run,
    now: () => clock.now(),
    onUnmatched: ({ execution_id, symbol, side }) =>
      log.error(
        { execution_id, symbol, side },
        'a fill belongs to no known position: only the income of the venue has it',
      ),
  });
  const projection = new RedisProjection({
    bus,
    kind: 'LIVE',
    log,
    state: () => account.state(),
    account: () => undefined,
    owner: () => ({ run, ledger: basename(ledger.path), ledger_id: ledger.identity().ledger_id }),
    trading: () => ledger.tradingState(),
    nowMs,
  });
  const csv = new CsvExport({ folder: resolve(ROOT, settings.system.log_dir), run, ledger, log, nowMs });
  const writes = new LedgerWrites({ csv, log, nowMs });
  const recorder = new LiveRecorder({ bus, account, writes, projection, run, log });
  const stateKeeper = new TradingStateKeeper({ bus, ledger, run, log, show: () => void projection.refresh() });
  const watch = new LedgerWatch({ ledger, troubles, refusal: () => writes.refusal(), wallNow, log });
  const external = externalSignals(context, account);
  onStop('ledger and its exports', async () => {
    await projection.settled();
    await csv.flushNow();
    watch.end();
    // Redis lacks what was recorded since the last note.
    await skipWhileAway(() => memory.note(ledger));
    ledger.close();
  });

  await projection.rebuild();
  await memory.note(ledger);
  bus.onReconnect(() => projection.rebuild());
  await bus.subscribe(Channels.fleetStateChanges, (state) => stateKeeper.keep(state));
  await stateKeeper.check();
  await bus.consume(Streams.signals, (signal) => recorder.onSignal(signal));
  await bus.consume(Streams.orderIntents, (entry) => recorder.onIntent(entry));
  await bus.consume(Streams.executions, (execution) => recorder.onExecution(execution));
  await bus.consume(Streams.accountFlows, (flow) => recorder.onFlow(flow));
  await bus.consume(Streams.refusals, (report) => recorder.onRefusal(report));
  await bus.subscribe(Channels.tradingSignals, (message) => external.onMessage(message));

  every('take in signals published by hand', 100, () => external.takeIn());
  every('book what waits', 1_000, () => recorder.onTimer());
  every('read the balance', 1_000, async () => {
    await skipWhileAway(async () => recorder.onAccount(await bus.getRecord(Records.account)));
  });
  every('show the counts', 5_000, async () => {
    await skipWhileAway(() => bus.write((batch) => batch.setRecord(Records.liveCounts, account.counts())));
  });
  every('compare redis with the ledger', 2_000, () => projection.check());
  every('keep the trading state', 1_000, () => stateKeeper.check());
  every('write the daily CSV', 3_000, () => csv.flush());
  every('watch the ledger file', 1_000, () => watch.look());
  every('force the ledger to the disk', 1_000, () => memory.note(ledger));
}

function externalSignals({ bus, settings, mode, clock, log }: LoggerContext, account: LiveAccountHost): ExternalSignals {
  const { run } = mode;
  const marketNow = () => clock.now();
  return new ExternalSignals({
    bus,
    run,
    log,
    // An order may take minutes, and the message of its signal is trimmed as soon as every group has read it.
    isRecorded: (id) => account.knowsSignal(id),
    withStops: createHandMadeStops({
      bus,
      settings,
      run,
      async freshBook(symbol) {
        const sample = await bus.get(Values.orderbook, { symbol });
        return sample && isFresh(sample.ts_event, marketNow()) ? sample : undefined;
      },
      instrumentOf: async (symbol) => (await bus.getMap(Maps.instruments))[symbol],
    }),
    marketNow,
    wallNow: () => Date.now(),
  });
}

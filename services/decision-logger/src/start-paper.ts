import { basename, resolve } from 'node:path';
import { isLimitMode } from '@helios/core/execution/fees.ts';
import { Channels, Streams } from '@helios/shared/contracts/catalog.ts';
import type { RefusalReport } from '@helios/shared/domain/decision.ts';
import type { Book, MarketEvent } from '@helios/shared/domain/market-data.ts';
import type { SentSignal } from '@helios/shared/domain/signal.ts';
import { skipWhileAway } from '@helios/shared/runtime/redis-outage.ts';
import { AccountResets } from './account-resets.ts';
import { CsvExport, putDailyFilesAside } from './csv-export.ts';
import { ExternalSignals } from './external-signals.ts';
import { FrameQueue } from './frame-queue.ts';
import { createHandMadeStops } from './hand-made-stops.ts';
import { Instruments } from './instruments.ts';
import { resetStamp } from './ledger/ledger-file.ts';
import { LedgerWatch } from './ledger-watch.ts';
import { LedgerWrites } from './ledger-writes.ts';
import { isLockStep, LockStep } from './lock-step.ts';
import { MarketFollower } from './market-follower.ts';
import { type LoggerContext, openBooks, ROOT } from './open-books.ts';
import { PaperAccountHost } from './paper-account-host.ts';
import { publishClosed, symbolsShownOnly } from './publish-closed.ts';
import { Recorder } from './recorder.ts';
import { RedisProjection } from './redis-projection.ts';
import { SignalBooks } from './signal-books.ts';
import { openStatisticsEpoch } from './statistics-epoch.ts';
import { TradingStateKeeper } from './trading-state-keeper.ts';

/** Hosts the paper venue: reads signals, refusals and the market; `core/trading` simulates the trading. */
export async function startPaper(context: LoggerContext): Promise<void> {
  const { bus, clock, settings, mode, log, every, onStop } = context;
  const { run } = mode;
  const nowMs = () => performance.now();
  const wallNow = () => Date.now();
  const { ledger, memory, troubles } = await openBooks(context);
  const openAccount = () =>
    new PaperAccountHost({
      ledger,
      statisticsEpoch: openStatisticsEpoch(ledger, settings, log),
      settings,
      run,
      now: () => clock.now(),
      wallNow,
    });
  let paperAccount = openAccount();
  const projection = new RedisProjection({
    bus,
    kind: 'PAPER',
    log,
    state: () => paperAccount.state(),
    account: () => paperAccount.account(),
    owner: () => ({ run, ledger: basename(ledger.path), ledger_id: ledger.identity().ledger_id }),
    trading: () => ledger.tradingState(),
    nowMs,
  });
  const stateKeeper = new TradingStateKeeper({ bus, ledger, run, log, show: () => void projection.refresh() });
  const csvFolder = resolve(ROOT, settings.system.log_dir);
  const csv = new CsvExport({ folder: csvFolder, run, ledger, log, nowMs });
  const writes = new LedgerWrites({ csv, log, nowMs });
  const lockStep = new LockStep({
    ledger,
    get paperAccount() {
      return paperAccount;
    },
    log,
    nowMs,
  });
  const instruments = new Instruments({
    bus,
    nowMs,
    isKnown: (symbol) => paperAccount.instrumentOf(symbol) !== undefined,
    onInstrument: (instrument) => paperAccount.onInstrument(instrument),
  });
  // In a replay the frames are also the clock. A limit order needs the trades and the following books.
  const subscribesToBooks =
    mode.source?.kind === 'replay' || isLimitMode(settings.simulation.mode) || paperAccount.restingOrders() > 0;
  const onBook = (book: Book): void => recorder.onMarket(book);
  const books = new SignalBooks({
    bus,
    now: () => clock.now(),
    subscribesToBooks,
    isKnown: (symbol) => paperAccount.freshBook(symbol) !== undefined,
    onBook,
  });
  const recorder = new Recorder({
    get paperAccount() {
      return paperAccount;
    },
    instruments,
    books,
    projection,
    writes,
    lockStep,
    run,
    log,
  });
  const resets = new AccountResets({
    bus,
    run,
    isReplay: mode.source?.kind === 'replay',
    projection,
    openSymbols: () => paperAccount.exposedSymbols(),
    async startOver() {
      await csv.flushNow();
      // No await from here on: nothing may be recorded between the old ledger and the new one.
      const stamp = resetStamp(wallNow());
      putDailyFilesAside(csvFolder, run, stamp);
      const movedTo = ledger.startOver(stamp);
      paperAccount = openAccount();
      return movedTo;
    },
    marketNow: () => clock.now(),
    wallNow,
    log,
  });
  const external = new ExternalSignals({
    bus,
    run,
    log,
    isRecorded: (id) => ledger.hasSignal(id),
    withStops: createHandMadeStops({
      bus,
      settings,
      run,
      async freshBook(symbol) {
        await books.need({ symbol });
        return paperAccount.freshBook(symbol);
      },
      async instrumentOf(symbol) {
        await instruments.need(symbol);
        return paperAccount.instrumentOf(symbol);
      },
    }),
    marketNow: () => clock.now(),
    wallNow,
  });
  const watch = new LedgerWatch({ ledger, troubles, refusal: () => writes.refusal(), wallNow, log });
  function onEvent(event: MarketEvent, isLast?: boolean): void {
    clock.observe(event.ts_event);
    context.observeAge(Math.max(0, clock.now() - event.ts_event));
    recorder.onMarket(event, isLast);
  }
  // In lock-step no sample is read, because it may belong to a later frame.
  const frames = isLockStep(mode) && new FrameQueue({ bus, onEvent, lastSeq: () => lockStep.lastSeq() });
  const feed = new MarketFollower({
    bus,
    subscribesToBooks,
    onEvent,
    exposedSymbols: () => paperAccount.exposedSymbols(),
    onSample: onBook,
  });
  onStop('ledger and its exports', async () => {
    await projection.settled();
    await csv.flushNow();
    watch.end();
    // Redis lacks what was recorded since the last note.
    await skipWhileAway(() => memory.note(ledger));
    ledger.close();
  });

  const closed = await symbolsShownOnly(bus, paperAccount.exposedSymbols());
  await projection.rebuild();
  await publishClosed({ bus, run, marketNow: () => clock.now() }, closed);
  await memory.note(ledger);
  bus.onReconnect(() => projection.rebuild());
  await bus.subscribe(Channels.fleetStateChanges, (state) => stateKeeper.keep(state));
  await stateKeeper.check();
  if (frames) {
    await frames.start();
  } else {
    bus.onReconnect(() => feed.hydrate());
    await feed.start();
  }
  await bus.consume(Streams.signals, (signal: SentSignal) => recorder.onSignal(signal));
  await bus.consume(Streams.refusals, (report: RefusalReport) => recorder.onRefusal(report));
  await bus.consume(Streams.accountCommands, (command, delivery) => resets.onCommand(command, delivery));
  await bus.subscribe(Channels.tradingSignals, (message) => external.onMessage(message));

  every('expire resting orders', 250, () => recorder.onTimer());
  every('take in signals published by hand', 100, () => external.takeIn());
  every('show the account', 1_000, () => projection.showAccount());
  every('compare redis with the ledger', 2_000, () => projection.check());
  every('keep the trading state', 1_000, () => stateKeeper.check());
  if (!frames) every('follow the watchlist', 2_000, () => feed.catchUp());
  // The venue sometimes changes a step or a limit.
  every('read the instruments', 60_000, () => instruments.read());
  every('write the daily CSV', 3_000, () => csv.flush());
  every('watch the ledger file', 1_000, () => watch.look());
  every('force the ledger to the disk', 1_000, () => memory.note(ledger));
}

import { resolve } from 'node:path';
import { isLimitMode } from '@helios/core/execution/fees.ts';
import { Streams } from '@helios/shared/contracts/catalog.ts';
import type { RefusalReport } from '@helios/shared/domain/decision.ts';
import type { Book, MarketEvent } from '@helios/shared/domain/market-data.ts';
import type { SentSignal } from '@helios/shared/domain/signal.ts';
import { AccountResets } from './account-resets.ts';
import { putDailyFilesAside } from './csv-export.ts';
import { FrameQueue } from './frame-queue.ts';
import { Instruments } from './instruments.ts';
import { resetStamp } from './ledger/ledger-file.ts';
import { createLedgerUpkeep } from './ledger-upkeep.ts';
import { isLockStep, LockStep } from './lock-step.ts';
import { MarketFollower } from './market-follower.ts';
import { type LoggerContext, openBooks, ROOT } from './open-books.ts';
import { PaperAccountHost } from './paper-account-host.ts';
import { publishClosed, symbolsShownOnly } from './publish-closed.ts';
import { Recorder } from './recorder.ts';
import { SignalBooks } from './signal-books.ts';
import { takeSignalsByHand } from './signals-by-hand.ts';
import { openStatisticsEpoch } from './statistics-epoch.ts';

/** Hosts the paper venue: reads signals, refusals and the market; `core/trading` simulates the trading. */
export async function startPaper(context: LoggerContext): Promise<void> {
  const { bus, clock, settings, mode, log, every } = context;
  const { run } = mode;
  const nowMs = () => performance.now();
  const wallNow = () => Date.now();
  const opened = await openBooks(context);
  const { ledger } = opened;
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
  const upkeep = createLedgerUpkeep(context, opened, {
    kind: 'PAPER',
    state: () => paperAccount.state(),
    account: () => paperAccount.account(),
  });
  const { csv, training, writes, projection } = upkeep;
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
      putDailyFilesAside(resolve(ROOT, settings.system.log_dir), run, stamp);
      const movedTo = ledger.startOver(stamp);
      paperAccount = openAccount();
      return movedTo;
    },
    marketNow: () => clock.now(),
    wallNow,
    log,
  });
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

  const closed = await symbolsShownOnly(bus, paperAccount.exposedSymbols());
  await projection.rebuild();
  await publishClosed({ bus, run, marketNow: () => clock.now() }, closed);
  await upkeep.begin();
  if (frames) {
    await frames.start();
  } else {
    bus.onReconnect(() => feed.hydrate());
    await feed.start();
  }
  await bus.consume(Streams.signals, async (signal: SentSignal) => {
    training.onSignal(signal);
    await recorder.onSignal(signal);
  });
  await bus.consume(Streams.refusals, async (report: RefusalReport) => {
    training.onReport(report);
    await recorder.onRefusal(report);
  });
  await bus.consume(Streams.accountCommands, (command, delivery) => resets.onCommand(command, delivery));
  await takeSignalsByHand(context, {
    isRecorded: (id) => ledger.hasSignal(id),
    async freshBook(symbol) {
      await books.need({ symbol });
      return paperAccount.freshBook(symbol);
    },
    async instrumentOf(symbol) {
      await instruments.need(symbol);
      return paperAccount.instrumentOf(symbol);
    },
  });

  every('expire resting orders', 250, () => recorder.onTimer());
  every('show the account', 1_000, () => projection.showAccount());
  if (!frames) every('follow the watchlist', 2_000, () => feed.catchUp());
  // The venue sometimes changes a step or a limit.
  every('read the instruments', 60_000, () => instruments.read());
  upkeep.repeat();
}

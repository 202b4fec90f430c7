import { Streams } from '@helios/shared/contracts/catalog.ts';
import { defineService } from '@helios/shared/runtime/service.ts';
import { AccountFlows } from './account-flows.ts';
import { type AccountState, createAccountState } from './account-state.ts';
import { DifferenceLog } from './difference-log.ts';
import { FlattenProof } from './flatten-proof.ts';
import { HaltWatch } from './halt-watch.ts';
import { createLiveCore, LIVE_SECTIONS, type LiveCore, type LiveServiceContext } from './live-core.ts';
import { MarketPrices } from './market-prices.ts';
import { SignalIntake } from './signal-intake.ts';
import { readLiveState } from './stored-live-state.ts';
import { TradingStateReader } from './trading-state-reader.ts';

/**
 * Entries that risk allows and exits in; orders and stops to the venue; answers, positions, orders and the account out. `core/live`
 * makes all decisions. Nothing that protects a position waits for Redis.
 */
export const executionManager = defineService({
  name: 'execution-manager',
  settings: LIVE_SECTIONS,
  modes: ['live'],
  async start(context) {
    const { bus, mode, onStop, every } = context;
    const stop = new AbortController();
    const core = createLiveCore(context, stop.signal);
    const { trading, path, publisher, venue, now } = core;
    const account = createAccountState(context, core);

    const stored = await readLiveState(bus, mode.run);
    path.act((live, nowMs) => live.restore(stored, nowMs));
    // The first write replaces everything in Redis.
    publisher.refresh(trading.symbols().map((symbol) => trading.positionUpdate(symbol, now())));
    onStop('publisher', () => publisher.stop());
    // From here on the user stream opens, and the venue's snapshot corrects what was stored.
    const work = venue.run();
    onStop('venue', async () => {
      stop.abort();
      await work;
    });
    every('live trading', 100, () => {
      publisher.check();
      // A process that was asleep finds its lease gone before it sends anything.
      account.refreshBlocks();
      path.act((live, nowMs) => live.onTimer(nowMs));
    });
    await followFleet(context, core, account);
    keepAccount(context, core, account);
  },
});

/** Reads what the fleet says: trading state, market, entries and exits. @throws BusUnavailable */
async function followFleet(context: LiveServiceContext, core: LiveCore, account: AccountState): Promise<void> {
  const { bus, mode, settings, log, every } = context;
  const { trading, path, publisher, venue, watch, now } = core;
  const { run } = mode;
  const { check, terms, refreshBlocks } = account;
  const states = new TradingStateReader({ bus, run, path, onActive: () => check.request() });
  const prices = new MarketPrices({
    bus,
    path,
    now,
    exposedSymbols: () => trading.symbols(),
    onSymbol: (symbol) => {
      terms.need(symbol);
      path.act((live, nowMs) => live.prepare(symbol, nowMs));
    },
  });
  const acceptsExternal = settings.signals.accept_external;
  const intake = new SignalIntake({ run, path, publisher, refreshBlocks, acceptsExternal, now, log });
  const proof = new FlattenProof({
    flattenTs: () => states.flattenTs,
    flatTs: () => watch.flatTs,
    carryOut: (command) => venue.carryOut(command),
    now,
  });

  await states.start();
  await prices.start();
  bus.onReconnect(async () => {
    await states.look();
    await prices.reload();
  });
  await bus.consume(Streams.signals, (signal) => intake.onSignal(signal));
  await bus.consume(Streams.orderIntents, (entry) => intake.onEntry(entry));
  every('trading state', 1_000, () => states.look());
  every('prove a flatten', 100, () => proof.look());
  every('follow symbols', 2_000, () => prices.follow());
  every('instruments', 60_000, () => prices.readInstruments());
}

/** Checks the account again and again, and writes what is known about it. */
function keepAccount({ bus, mode, log, every }: LiveServiceContext, core: LiveCore, account: AccountState): void {
  const { publisher, venue, now } = core;
  const { check, lease, status, terms, refreshBlocks } = account;
  const halts = new HaltWatch({ bus, now });
  const differences = new DifferenceLog(log);
  const flows = new AccountFlows({ bus, run: mode.run, venue, publisher, now, log });
  every('self-test', 500, () => check.look());
  every('lease', 1_000, () => lease.renew());
  every('live status', 1_000, async () => {
    refreshBlocks();
    const written = await status.write();
    differences.look(written);
    await halts.look(written);
  });
  every('terms of symbols', 1_000, () => terms.readDue());
  every('income of the account', 15_000, () => flows.poll());
}

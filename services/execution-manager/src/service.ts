import { LiveTrading } from '@helios/core/live/live-trading.ts';
import type { VenueNews } from '@helios/core/live/venue-port.ts';
import { Streams } from '@helios/shared/contracts/catalog.ts';
import { defineService } from '@helios/shared/runtime/service.ts';
import { AccountCheck } from './account-check.ts';
import { AccountFlows } from './account-flows.ts';
import { EntryLease } from './entry-lease.ts';
import { FlattenProof } from './flatten-proof.ts';
import { HaltWatch } from './halt-watch.ts';
import { LivePath } from './live-path.ts';
import { LivePublisher } from './live-publisher.ts';
import { LiveStatusWriter } from './live-status-writer.ts';
import { MarketPrices } from './market-prices.ts';
import { NewsWatch } from './news-watch.ts';
import { openVenue } from './open-venue.ts';
import { processBlocks } from './process-blocks.ts';
import { SignalIntake } from './signal-intake.ts';
import { readLiveState } from './stored-live-state.ts';
import { SymbolTermsReader } from './symbol-terms-reader.ts';
import { TradingStateReader } from './trading-state-reader.ts';

/**
 * Entries that risk allows and exits in; orders and stops to the venue; answers, positions, orders and the account out. `core/live`
 * makes all decisions. Nothing that protects a position waits for Redis.
 */
export const executionManager = defineService({
  name: 'execution-manager',
  settings: ['binance', 'polling', 'trading', 'risk', 'protections', 'fees', 'execution', 'signals', 'regime'],
  modes: ['live'],
  async start({ bus, clock, settings, mode, log, every, onStop }) {
    const { run } = mode;
    const now = () => clock.now();
    const stop = new AbortController();
    const trading = new LiveTrading({ run, settings, startedTs: now() });
    const publisher = new LivePublisher({ bus, log, now });
    const watch = new NewsWatch(trading);
    const onNews = (news: VenueNews): void => {
      path.onNews(news);
      watch.onNews(news);
    };
    const venue = openVenue({ mode, settings, log, now, stop: stop.signal, onNews });
    const path = new LivePath({ trading, carryOut: (command) => venue.carryOut(command), publisher, log, now });
    const terms = new SymbolTermsReader({ venue, path, publisher, now, log });
    const accountCheck = new AccountCheck({
      trading,
      venue,
      isUserStreamOpen: () => watch.isUserStreamOpen,
      symbolsWithTerms: () => terms.known,
      now,
      log,
    });
    const states = new TradingStateReader({ bus, run, path, onActive: () => accountCheck.request() });
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
    const lease = new EntryLease({ bus, log, now });
    function refreshBlocks(): void {
      const { result: selfTest } = accountCheck;
      const state = { selfTest, limits: venue.limits(), hasLease: lease.isHeld, redisAwayMs: publisher.awayMs };
      path.act((live) => live.onProcessBlocks(processBlocks(state)));
    }
    const halts = new HaltWatch({ bus, now });
    const proof = new FlattenProof({
      flattenTs: () => states.flattenTs,
      flatTs: () => watch.flatTs,
      carryOut: (command) => venue.carryOut(command),
      now,
    });
    const intake = new SignalIntake({
      run,
      path,
      publisher,
      refreshBlocks,
      acceptsExternal: settings.signals.accept_external,
      now,
      log,
    });
    const flows = new AccountFlows({ bus, run, venue, publisher, now, log });
    const status = new LiveStatusWriter({
      bus,
      run,
      trading,
      venue,
      publisher,
      selfTest: () => accountCheck.result,
      userStreamIsOpen: () => watch.isUserStreamOpen,
      flatTs: () => watch.flatTs,
      now,
    });

    const stored = await readLiveState(bus, run);
    path.act((live, nowMs) => live.restore(stored, nowMs));
    // The first write replaces everything in Redis.
    publisher.refresh(trading.symbols().map((symbol) => trading.positionUpdate(symbol, now())));
    const work = venue.run();
    // From here on the user stream opens, and the venue's snapshot corrects what was stored.
    onStop('venue', async () => {
      stop.abort();
      await work;
    });
    onStop('publisher', () => publisher.stop());
    every('live trading', 100, () => {
      publisher.check();
      path.act((live, nowMs) => live.onTimer(nowMs));
    });
    await states.start();
    await prices.start();
    bus.onReconnect(async () => {
      await states.look();
      await prices.reload();
    });
    await bus.consume(Streams.signals, (signal) => intake.onSignal(signal));
    await bus.consume(Streams.orderIntents, (entry) => intake.onEntry(entry));

    every('self-test', 500, () => accountCheck.look());
    every('lease', 1_000, () => lease.renew());
    every('live status', 1_000, async () => {
      refreshBlocks();
      await halts.look(await status.write());
    });
    every('trading state', 1_000, () => states.look());
    every('prove a flatten', 100, () => proof.look());
    every('follow symbols', 2_000, () => prices.follow());
    every('instruments', 60_000, () => prices.readInstruments());
    every('terms of symbols', 1_000, () => terms.readDue());
    every('income of the account', 15_000, () => flows.poll());
  },
});

import { isFresh } from '@helios/core/paper/paper-market.ts';
import { Maps, Records, Streams, Values } from '@helios/shared/contracts/catalog.ts';
import { skipWhileAway } from '@helios/shared/runtime/redis-outage.ts';
import { createLedgerUpkeep } from './ledger-upkeep.ts';
import { LiveAccountHost } from './live-account-host.ts';
import { LiveRecorder } from './live-recorder.ts';
import { type LoggerContext, openBooks } from './open-books.ts';
import { takeSignalsByHand } from './signals-by-hand.ts';

/** Keeps the books of live trading: signals, approved entries, answers and the venue's income; `core/journal` joins them. */
export async function startLive(context: LoggerContext): Promise<void> {
  const { bus, clock, settings, mode, log, every } = context;
  const { run } = mode;
  const books = await openBooks(context);
  const { ledger } = books;
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
  const upkeep = createLedgerUpkeep(context, books, {
    kind: 'LIVE',
    state: () => account.state(),
    account: () => undefined,
  });
  const { training, writes, projection } = upkeep;
  const recorder = new LiveRecorder({ bus, account, writes, projection, run, log });

  await projection.rebuild();
  await upkeep.begin();
  await bus.consume(Streams.signals, async (signal) => {
    training.onSignal(signal);
    await recorder.onSignal(signal);
  });
  await bus.consume(Streams.orderIntents, (entry) => recorder.onIntent(entry));
  await bus.consume(Streams.executions, (execution) => recorder.onExecution(execution));
  await bus.consume(Streams.accountFlows, (flow) => recorder.onFlow(flow));
  await bus.consume(Streams.refusals, async (report) => {
    training.onReport(report);
    await recorder.onRefusal(report);
  });
  await takeSignalsByHand(context, {
    // An order may take minutes, and the message of its signal is trimmed as soon as every group has read it.
    isRecorded: (id) => account.knowsSignal(id),
    async freshBook(symbol) {
      const sample = await bus.get(Values.orderbook, { symbol });
      return sample && isFresh(sample.ts_event, clock.now()) ? sample : undefined;
    },
    instrumentOf: async (symbol) => (await bus.getMap(Maps.instruments))[symbol],
  });

  every('book what waits', 1_000, () => recorder.onTimer());
  every('read the balance', 1_000, async () => {
    await skipWhileAway(async () => recorder.onAccount(await bus.getRecord(Records.account)));
  });
  every('show the counts', 5_000, async () => {
    await skipWhileAway(() => bus.write((batch) => batch.setRecord(Records.liveCounts, account.counts())));
  });
  upkeep.repeat();
}

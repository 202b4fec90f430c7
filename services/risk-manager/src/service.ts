import { Streams } from '@helios/shared/contracts/catalog.ts';
import { skipWhileAway } from '@helios/shared/runtime/redis-outage.ts';
import { defineService } from '@helios/shared/runtime/service.ts';
import { AccountReader } from './account-reader.ts';
import { PendingRecord } from './pending-record.ts';
import { SignalAssessor } from './signal-assessor.ts';
import { SymbolFacts } from './symbol-facts.ts';
import { TradeRecord } from './trade-record.ts';

/** Entry signals in; order intents or denials out. All judgement is in `core/risk`. Exits and stops do not depend on it. */
export const riskManager = defineService({
  name: 'risk-manager',
  settings: ['risk', 'protections', 'trading', 'signals', 'simulation', 'execution'],
  modes: ['live'],
  async start({ bus, clock, settings, mode, log, every }) {
    const { run } = mode;
    const now = () => clock.now();
    const account = new AccountReader(bus, run);
    const trades = new TradeRecord({ bus, run, settings, now, log });
    const pending = new PendingRecord(bus, run);
    const exposedSymbols = () => (account.value?.positions ?? []).map(({ symbol }) => symbol);
    const symbols = new SymbolFacts({ bus, exposedSymbols });
    const assessor = new SignalAssessor({ bus, run, settings, account, trades, pending, symbols, now, log });
    async function hydrate(): Promise<void> {
      await account.read();
      await trades.read();
      await pending.read();
      await symbols.readTerms();
      await symbols.readKlines();
    }

    await hydrate();
    bus.onReconnect(hydrate);
    // Trades and answers first: an entry must not be judged without those that are already known.
    await bus.consume(Streams.trades, async (trade) => trades.add(trade));
    await bus.consume(Streams.executions, async (execution) => pending.onExecution(execution));
    await bus.consume(Streams.operatorCommands, (command) => trades.onCommand(command));
    await bus.consume(Streams.signals, (signal, delivery) => assessor.onSignal(signal, delivery));

    const unlessAway = (work: () => Promise<void>) => async () => void (await skipWhileAway(work));
    every(
      'read the account',
      250,
      unlessAway(async () => {
        await account.read();
        await pending.drop(account.value);
        for (const signal_id of pending.unanswered(now()))
          log.warn({ signal_id }, 'an allowed entry has no final answer, it goes on counting as open');
      }),
    );
    every(
      'read the terms of symbols',
      10_000,
      unlessAway(() => symbols.readTerms()),
    );
    every(
      'read klines',
      60_000,
      unlessAway(() => symbols.readKlines()),
    );
  },
});

import { Maps, Records, Streams } from '@helios/shared/contracts/catalog.ts';
import type { Account, AccountPosition } from '@helios/shared/domain/account.ts';
import type { Execution } from '@helios/shared/domain/execution.ts';
import type { AssessedEntry } from '@helios/shared/domain/order.ts';
import type { ClosedTrade } from '@helios/shared/domain/position.ts';
import type { Settings } from '@helios/shared/domain/settings.ts';
import type { SentSignal } from '@helios/shared/domain/signal.ts';
import type { SymbolTerms } from '@helios/shared/domain/symbol-terms.ts';
import { aMode, aSignal, defaultSettings, T0 } from '@helios/shared/testing/builders.ts';
import { createFakeRedis } from '@helios/shared/testing/fake-bus.ts';
import { createFakeClock } from '@helios/shared/testing/fake-clock.ts';
import { type ServiceUnderTest, startOnFakeBus } from '@helios/shared/testing/start-on-fake-bus.ts';
import { afterEach, beforeEach } from 'vitest';
import { riskManager } from '../src/service.ts';

export const SYMBOL = 'BTCUSDT';

/** One live run on a fake Redis. The time stands still unless a test moves it. */
class RiskHarness {
  readonly fake = createFakeRedis();
  readonly clock = createFakeClock(T0);
  running: ServiceUnderTest<'risk-manager'> | undefined;
  readonly execution = this.fake.bus('execution-manager');
  readonly engine = this.fake.bus('signal-engine');

  /** Writes what execution-manager and data-ingestor write before a first entry. */
  async prepare(account: Partial<Account> = {}, symbols: readonly string[] = [SYMBOL]): Promise<void> {
    await this.setAccount(account);
    for (const symbol of symbols) {
      await this.execution.write((batch) => batch.setField(Maps.symbolTerms, symbol, termsOf(symbol)));
      const instrument = { symbol, tick_size: '0.1', step_size: '0.001', min_notional: '5' };
      await this.fake.bus('data-ingestor').write((batch) => batch.setField(Maps.instruments, symbol, instrument));
    }
  }

  async setAccount(fields: Partial<Account> = {}): Promise<void> {
    await this.execution.write((batch) => batch.setRecord(Records.account, { ...ACCOUNT, ...fields }));
  }

  async start(overrides: Parameters<typeof defaultSettings>[0] = {}): Promise<void> {
    const settings: Settings = defaultSettings(overrides);
    const mode = aMode({ mode: 'live', network: 'testnet' });
    this.running = await startOnFakeBus(riskManager, { fake: this.fake, clock: this.clock, mode, settings });
  }

  async stop(): Promise<void> {
    await this.running?.stop();
    this.running = undefined;
  }

  async send(...signals: SentSignal[]): Promise<void> {
    await this.engine.write((batch) => {
      for (const signal of signals) batch.append(Streams.signals, signal);
    });
    await this.fake.settle();
  }

  async answer(execution: Execution): Promise<void> {
    await this.execution.write((batch) => batch.append(Streams.executions, execution));
    await this.fake.settle();
  }

  /** Order intents, oldest first. */
  async intents(): Promise<AssessedEntry[]> {
    return (await this.execution.getLatest(Streams.orderIntents, 100)).toReversed();
  }

  /** Answers to signals, oldest first. */
  async executions(): Promise<Execution[]> {
    return (await this.engine.getLatest(Streams.executions, 100)).toReversed();
  }

  /** Codes of all denials. */
  async denials(): Promise<string[]> {
    return (await this.executions()).flatMap((each) => (each.answer === 'DENIED' ? each.denial.code : []));
  }
}

/** The harness of the present test. */
export let harness = new RiskHarness();

/** Gives each test of a file its own harness, and stops the service afterwards. */
export function useRiskHarness(): void {
  beforeEach(() => {
    harness = new RiskHarness();
  });
  afterEach(() => harness.stop());
}

/** An account without positions. */
export const ACCOUNT: Account = {
  run: 'test-run',
  wallet_balance: 10_000,
  unrealized_pnl: 0,
  margin_balance: 10_000,
  available_balance: 10_000,
  initial_margin: 0,
  maintenance_margin: 0,
  free_margin_pct: 100,
  maintenance_ratio_pct: 0,
  margin_level: 'OK',
  positions: [],
  simulated: false,
  updated_ts: T0,
};

/** Terms of a symbol with one bracket. */
export function termsOf(symbol: string): SymbolTerms {
  return {
    symbol,
    maker_fee: 0.0002,
    taker_fee: 0.0005,
    leverage: 5,
    margin_mode: 'ISOLATED',
    tiers: [{ notional_cap: 1e6, rate: 0.004, amount: 0, max_leverage: 125 }],
    updated_ts: T0,
  };
}

let made = 0;
/** A LONG at 10,000 with its own id. */
export function entry(fields: Partial<SentSignal> = {}): SentSignal {
  made += 1;
  const quote = { bid: 9_999, ask: 10_000 };
  return aSignal({ signal_id: `s${made}`, symbol: SYMBOL, entry_price: 10_000, stop_loss: 9_900, quote, ...fields });
}

export function position(symbol: string, notional: number, fields: Partial<AccountPosition> = {}): AccountPosition {
  return {
    symbol,
    side: 'LONG',
    quantity: notional / 10_000,
    entry_price: 10_000,
    mark_price: 10_000,
    mark_known: true,
    notional,
    unrealized_pnl: 0,
    margin_mode: 'ISOLATED',
    leverage: 5,
    margin: notional / 5,
    maintenance_margin: notional * 0.004,
    ...fields,
  };
}

export function lostTrade(pnl: number, fields: Partial<ClosedTrade> = {}): ClosedTrade {
  made += 1;
  return {
    run: 'test-run',
    entry_signal_id: `e${made}`,
    exit_signal_id: `x${made}`,
    symbol: 'ETHUSDT',
    side: 'LONG',
    quantity: 1,
    entry_price: 1_000,
    exit_price: 1_000 + pnl,
    entry_ts: T0 - 60_000,
    exit_ts: T0 - 1_000,
    gross_pnl: pnl,
    fees: 0,
    realized_pnl: pnl,
    simulated: false,
    ...fields,
  };
}

/** The final answer of execution-manager to a signal. */
export function finalAnswer(signal: SentSignal, answer: 'FILLED' | 'REJECTED', ts: number, quantity = 0.1): Execution {
  const base = {
    execution_id: `${signal.signal_id}#END`,
    run: 'test-run',
    signal_id: signal.signal_id,
    symbol: signal.symbol,
    side: 'LONG',
    purpose: 'ENTRY',
    ts_event: ts,
    ts_init: ts,
  } as const;
  if (answer === 'REJECTED') return { ...base, answer, reason: '-2019: Margin is insufficient.' };
  const fill = { trade_id: 't1', price: 10_000, quantity, fee: 0.5, liquidity: 'TAKER', slippage: 0 } as const;
  return { ...base, answer, fill };
}

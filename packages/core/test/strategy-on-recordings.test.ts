import { RefusalReport } from '@helios/shared/domain/decision.ts';
import type { MarketEvent } from '@helios/shared/domain/market-data.ts';
import { isExit, TradingSignal } from '@helios/shared/domain/signal.ts';
import { defaultSettings } from '@helios/shared/testing/builders.ts';
import { describe, expect, test } from 'vitest';
import { createStrategyEngine } from '../src/strategy/engine.ts';
import type { EngineOutput } from '../src/strategy/engine-output.ts';
import { createSimulator } from '../src/trading/paper-trading.ts';
import { profileOf } from '../src/trading/profile.ts';
import { recordedEvents, recordingsExist, SESSIONS } from './recorded-events.ts';
import { refusalsOf, signalsOf } from './strategy-harness.ts';

const params = defaultSettings();

/** The engine with a simulator that answers at once. */
function play(events: readonly MarketEvent[]): EngineOutput[] {
  const engine = createStrategyEngine(params, { run: 'recorded', profile: profileOf('SIMULATION', params) });
  const simulator = createSimulator(params, 'recorded');
  const outputs: EngineOutput[] = [];
  let now = 0;
  engine.onTradingState('ACTIVE');
  for (const event of events) {
    now = Math.max(now, event.ts_event);
    for (const { symbol } of simulator.onMarket(event, now)) engine.onPositions(simulator.positionUpdate(symbol, now));
    const made = engine.onMarket(event, now);
    outputs.push(...made);
    for (const signal of signalsOf(made)) {
      simulator.onSignal(signal, now);
      engine.onPositions(simulator.positionUpdate(signal.symbol, now));
    }
  }
  return outputs;
}

describe.skipIf(!recordingsExist).each(SESSIONS)('on recorded books: $files.0', (session) => {
  const events = recordingsExist ? recordedEvents(session) : [];
  const outputs = play(events);

  test('signals and refusals appear, well-formed, each with its own id', () => {
    const signals = signalsOf(outputs);
    expect(signals.length).toBeGreaterThan(1);
    expect(refusalsOf(outputs).length).toBeGreaterThan(10);
    for (const signal of signals) TradingSignal.parse(signal);
    for (const output of outputs) if (output.kind === 'REFUSAL') RefusalReport.parse(output.report);
    const ids = [...signals.map(({ signal_id }) => signal_id), ...refusalsOf(outputs).map((each) => each.decision_id)];
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('entries keep the cooldown and follow the imbalance', () => {
    const entries = signalsOf(outputs).filter(({ direction }) => !isExit(direction));
    entries.forEach((entry, i) => {
      expect(Math.sign(entry.nobi_value)).toBe(entry.direction === 'SHORT' ? 1 : -1);
      const before = entries[i - 1];
      if (before) expect(entry.timestamp - before.timestamp).toBeGreaterThanOrEqual(120_000);
    });
  });

  test('a second run decides the same', () => {
    expect(play(events)).toEqual(outputs);
  });
});

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { generatedMarket } from '@helios/backtest/parity/parity-market.ts';
import { runInProcess } from '@helios/backtest/run-in-process.ts';
import { isExit } from '@helios/shared/domain/signal.ts';
import { loadSettings } from '@helios/shared/runtime/config/load-settings.ts';
import { expect, test } from 'vitest';

const README = resolve(import.meta.dirname, '../../../README.md');
const MINUTE_MS = 60_000;

/** The settings of the README that make many trades. */
function settingsOfReadme() {
  const text = /To see many simulated trades, .*start with\s`([^`]+)`/.exec(readFileSync(README, 'utf8'))?.[1];
  const env = Object.fromEntries((text ?? '').split(' ').map((one) => one.split('=')));
  expect(env).toHaveProperty('REASONS_ENABLED');
  return loadSettings({ env, root: import.meta.dirname }).settings;
}

test('the settings of the README open a position within two minutes, and then about one a minute and coin', async () => {
  const minutes = 8;
  const { signals, trades } = await runInProcess(generatedMarket(minutes, 1)(), settingsOfReadme(), 'many');
  const entries = signals.filter(({ direction }) => !isExit(direction)).map(({ timestamp }) => timestamp);
  const startTs = Date.UTC(2023, 10, 14, 8) - (minutes * MINUTE_MS) / 2;
  expect((entries[0] ?? Number.POSITIVE_INFINITY) - startTs).toBeLessThan(2 * MINUTE_MS);
  expect(entries.length).toBeGreaterThan(1.5 * minutes);
  expect(trades.length).toBeGreaterThan(1.5 * minutes);
});

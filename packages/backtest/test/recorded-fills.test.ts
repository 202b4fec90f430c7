import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readBacktestOptions } from '@helios/backtest/backtest-options.ts';
import { openData } from '@helios/backtest/data/open-data.ts';
import { playBacktest } from '@helios/backtest/run-backtest.ts';
import { plannedEngine } from '@helios/backtest/testing/planned-engine.ts';
import { readCommandLine } from '@helios/shared/runtime/cli/run-command.ts';
import { aSignal } from '@helios/shared/testing/builders.ts';
import { settingsFolder } from '@helios/shared/testing/settings-folder.ts';
import { expect, test } from 'vitest';

// A separate program in Python computed these figures from the raw messages: it built the book, put an order for 2 behind what was
// visible, let the recorded trades reach it, and walked the book at the exit. The same rules by hand, on made-up books:
// src/checks/hand-calculations.test.ts.

const DATA = resolve(process.env['HELIOS_DATA_DIR'] ?? '../shared/data', 'depth');
const FILES = ['usdm_btcusdt_20240718.gz', 'usdm_btcusdt_20240719.gz'].map((name) => join(DATA, name));

/** Time, direction and limit of an entry; best bid and time of its exit as a taker. */
const ORDERS = [
  [1_721_347_093_443, 'SHORT', 63_952.7, 63_947.9, 1_721_347_118_454],
  [1_721_347_136_310, 'LONG', 63_947.9, 63_949.9, 1_721_347_161_310],
  [1_721_347_156_556, 'SHORT', 63_950, 63_949.9, 1_721_347_181_579],
  [1_721_347_192_767, 'LONG', 63_959.9, 63_920, 1_721_347_217_782],
  [1_721_347_235_515, 'SHORT', 63_915.8, 63_979.9, 1_721_347_260_550],
  [1_721_347_264_090, 'LONG', 63_993.4, 63_976.6, 1_721_347_289_104],
  [1_721_347_382_366, 'SHORT', 63_870.9, 63_860.8, 1_721_347_407_417],
  [1_721_347_413_164, 'SHORT', 63_869.7, 63_848.4, 1_721_347_438_181],
] as const;

/** Entry, first fill, quantity, exit price, fees and net result of the trades; the first two orders never filled. */
const TRADES = [
  [1_721_347_156_556, 1_721_347_162_703, 0.755, 63_953.1975, 28.970315645, -31.384428145],
  [1_721_347_192_767, 1_721_347_204_039, 2, 63_916.3020751, 76.71700166, -163.912851465],
  [1_721_347_235_515, 1_721_347_238_971, 2, 63_984.428411467, 76.753862729, -214.010685664],
  [1_721_347_264_090, 1_721_347_271_316, 2, 63_973.40117, 76.776080936, -116.773740936],
  [1_721_347_382_366, 1_721_347_382_751, 2, 63_864.093045, 76.639634436, -63.025724436],
  [1_721_347_413_164, 1_721_347_417_571, 2, 63_851.692425, 76.62923394, -40.61408394],
];

const TICK = 0.1;

const SIGNALS = ORDERS.flatMap(([ts, direction, limit, bid, exitTs]) => {
  const times = (timestamp: number) => ({ timestamp, ts_init: timestamp });
  const entryBid = direction === 'LONG' ? limit : limit - TICK;
  const entry = { entry_price: limit, quote: { bid: entryBid, ask: entryBid + TICK } };
  const exit = { entry_price: bid, quote: { bid, ask: bid + TICK }, exit_reason: 'TIME_EXIT' as const };
  return [
    { ...times(ts), ...entry, signal_id: `${ts}`, direction },
    { ...times(exitTs), ...exit, signal_id: `${exitTs}`, direction: `EXIT_${direction}` as const },
  ];
});

test.skipIf(!FILES.every((file) => existsSync(file)))(
  'orders that fill in parts on a recording are those of an independent calculation',
  async () => {
    const sets = ['simulation.position_size=2', 'simulation.limit_timeout_sec=20', 'fees.slippage_bp=0.5'];
    const fees = ['fees.maker_fee=0.0002', 'fees.taker_fee=0.0004'];
    const changed = [...sets, ...fees].map((set) => `--set=${set}`);
    const line = readCommandLine('backtest', ['--data', ...FILES, '--mode=HF_LIMIT', '--partial-fills', ...changed]);
    const options = readBacktestOptions(line, { cwd: '/', root: settingsFolder(), env: {}, nowMs: 0 });
    const data = await openData(options);
    const signals = SIGNALS.map((signal) => aSignal({ ...signal, run: data.run }));
    const { trades, decisions } = await playBacktest(data, options, { createEngine: plannedEngine(signals, 'book') });
    const missed = decisions.filter(({ outcome }) => outcome === 'MISSED').map(({ timestamp }) => timestamp);
    expect(missed).toEqual([ORDERS[0][0], ORDERS[1][0]]);
    expect(trades).toHaveLength(TRADES.length);
    for (const [n, trade] of trades.entries()) {
      const [entry, firstFill, quantity, exitPrice = 0, paid = 0, net = 0] = TRADES[n] ?? [];
      expect([trade.entry_signal_id, trade.entry_ts, trade.quantity]).toEqual([`${entry}`, firstFill, quantity]);
      expect(trade.exit_price).toBeCloseTo(exitPrice, 6);
      expect(trade.fees).toBeCloseTo(paid, 8);
      expect(trade.realized_pnl).toBeCloseTo(net, 6);
    }
  },
);

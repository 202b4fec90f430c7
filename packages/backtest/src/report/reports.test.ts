import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CommandLineError } from '@helios/shared/runtime/cli/command-line.mjs';
import { readCommandLine } from '@helios/shared/runtime/cli/run-command.ts';
import { afterAll, describe, expect, test } from 'vitest';
import type { BacktestResult } from '../backtest-result.ts';
import { readReportOptions } from '../report-options.ts';
import { NotABacktestResult, readSavedResults, saveReports } from '../saved-result.ts';
import { madeDecision, madeRefusal, madeResult, tradesWith } from '../testing/made-result.ts';
import { compareText } from './compare-table.ts';
import { figure, intervalText, meanText, probabilityText, signedFigure, spanText } from './format.ts';
import { groupTable } from './group-rows.ts';
import { htmlPage } from './html/page.ts';
import { reportOf, reportsOf } from './make-reports.ts';
import { textReport } from './text-report.ts';
import { tradesCsv } from './trades-csv.ts';

const folder = mkdtempSync(join(tmpdir(), 'helios-reports-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const start = Date.UTC(2026, 0, 1);
const prices = new Map([['BTCUSDT', [0, 1, 2].map((n) => ({ ts: start + n * 60_000, price: 100 + n }))]]);
const alternating = (count: number, up: number, down: number) =>
  Array.from({ length: count }, (_, n) => (n % 2 === 0 ? up : down));

/** Results at the edges, by name. */
const EDGES: Readonly<Record<string, BacktestResult>> = {
  'no trade': madeResult({ refusals: [madeRefusal('TREND', { netBp: -3 })] }),
  'nothing at all': madeResult({ firstTs: 0, lastTs: 0 }),
  'one trade': madeResult({ trades: tradesWith([1]), prices }),
  'only losses': madeResult({ trades: tradesWith(alternating(20, -1, -2)), prices }),
  'only equal gains': madeResult({ trades: tradesWith(alternating(20, 1, 1)), prices }),
  'only zeros': madeResult({ trades: tradesWith(alternating(20, 0, 0)), prices }),
  ruin: madeResult({
    trades: tradesWith([-10_000, -5, 5, ...alternating(20, 3, -4)], DAY_MS),
    lastTs: start + 30 * DAY_MS,
  }),
  'thirty days': madeResult({
    trades: tradesWith(alternating(30, 5, -4), DAY_MS),
    lastTs: start + 30 * DAY_MS,
    prices,
  }),
};

describe.each(Object.entries(EDGES))('a report of %s', (_, result) => {
  const report = reportOf(result);
  const forms = [textReport(report), htmlPage([report]), compareText([report, report]), htmlPage([report, report])];

  test('shows no NaN, no Infinity and no undefined, in at most 100 columns', () => {
    for (const form of [...forms, tradesCsv([report])]) expect(form).not.toMatch(/NaN|Infinity|undefined|\[object/);
    for (const line of [...(forms[0] ?? '').split('\n'), ...(forms[2] ?? '').split('\n')])
      expect(line.length).toBeLessThanOrEqual(100);
    expect(report.verdict.length).toBeGreaterThan(0);
  });

  test('is the same after it was saved and read', async () => {
    const file = join(folder, 'result.json');
    await saveReports(file, [report, report]);
    const { version, results } = JSON.parse(readFileSync(file, 'utf8'));
    expect(version).toBe(2);
    expect(JSON.stringify(results[0].figures)).not.toContain('null');
    const [read, again] = await readSavedResults(file);
    expect(again).toEqual(read);
    expect(textReport(reportOf(read ?? madeResult()))).toBe(forms[0]);
  });

  test('is the same from a file of version 1, which held whole records', async () => {
    const file = join(folder, 'old.json');
    const old = { ...result, mids: Object.fromEntries(result.mids), prices: Object.fromEntries(result.prices) };
    writeFileSync(file, JSON.stringify({ format: 'helios-backtest', version: 1, results: [{ result: old }] }));
    const [read] = await readSavedResults(file);
    expect(textReport(reportOf(read ?? madeResult()))).toBe(forms[0]);
  });

  test('is refused with the place of a record that is none', async () => {
    const file = join(folder, 'damaged.json');
    await saveReports(file, [report]);
    const text = readFileSync(file, 'utf8').replace('"rows":', '"rows":7');
    writeFileSync(file, text);
    await expect(readSavedResults(file)).rejects.toThrow(/a column has another number of rows|decisions\.0/);
  });
});

const textOf = (result: BacktestResult, trials = 1) =>
  reportsOf([result], trials)[0]
    ?.verdict.map(({ text }) => text)
    .join('\n');
const edge = (name: string) => EDGES[name] ?? madeResult();

describe('the verdict', () => {
  test('names the gate that refused most where no trade was made', () => {
    expect(textOf(edge('no trade'))).toMatch(/No trade was closed.*TREND refused most \(1\)/);
    expect(textOf(edge('nothing at all'))).toMatch(/No trigger was refused either/);
    expect(textOf(madeResult({ decisions: [madeDecision()] }))).toMatch(/1 signal led to no closed trade/);
  });

  test('tells a loss, luck and a gain apart', () => {
    expect(textOf(edge('one trade'))).toMatch(/1 trade: below 10 trades no interval is computed/);
    expect(textOf(edge('only losses'))).toMatch(/It loses, and not by bad luck/);
    expect(textOf(edge('thirty days'))).toMatch(/It cannot be told from luck: .*contains zero/);
    const gain = madeResult({ trades: tradesWith(alternating(40, 3, -1)) });
    expect(textOf(gain)).toMatch(/It gains beyond luck in these data/);
    expect(textOf(gain)).toMatch(/One trial is assumed/);
    expect(textOf(gain, 5)).toMatch(/After 5 trials the deflated Sharpe ratio is .*: it survives/);
    expect(textOf(gain, 1_000)).toMatch(/After 1,000 trials .* it may be the luckiest of them/);
  });

  test('says how many trades are needed, and that ten days are', () => {
    // Mean 0.5, deviation 4.6: the ratio is 0.11 per trade.
    expect(textOf(madeResult({ trades: tradesWith(alternating(40, 5, -4)) }))).toMatch(
      /40 trades are too few: .* needs \d+ /,
    );
    expect(textOf(edge('one trade'))).toMatch(/need 10 days/);
    expect(textOf(edge('thirty days'))).not.toMatch(/need 10 days/);
  });

  test('compares with buy-and-hold, and repeats faults and assumptions', () => {
    const faults = [{ kind: 'BAD_LINE' as const, file: 'a', line: 1, detail: 'x' }];
    const text = textOf(
      madeResult({ trades: tradesWith([1]), prices, faults, badFrames: 2, assumptions: ['Made up.'] }),
    );
    expect(text).toMatch(/Buying and holding returned \+2.00 %, the strategy \+0.01 %/);
    expect(text).toMatch(/1 fault and 2 frames/);
    expect(text).toMatch(/Made up\./);
  });
});

describe('several reports', () => {
  test('of the same data are trials of each other', () => {
    const own = madeResult({ trades: tradesWith(alternating(40, 3, -1)) });
    const other = madeResult({ trades: tradesWith(alternating(40, 3, -2)) });
    const foreign = madeResult({ run: 'test:other', trades: own.trades });
    const [first, , third] = reportsOf([own, other, foreign]);
    expect(first?.probabilities.trials).toBe(2);
    expect(third?.probabilities.trials).toBe(1);
    expect(first?.probabilities.deflated).toBeLessThan(first?.probabilities.psrTrades ?? 0);
  });

  test('keep the number of trials that a saved one counted', async () => {
    const file = join(folder, 'trials.json');
    const own = madeResult({ trades: tradesWith(alternating(40, 3, -1)) });
    await saveReports(file, reportsOf([own], 50));
    const read = await readSavedResults(file);
    expect(reportsOf(read)[0]?.probabilities.trials).toBe(50);
    expect(reportsOf([own, ...read]).map(({ probabilities }) => probabilities.trials)).toEqual([50, 50]);
    expect(reportsOf(read, 60)[0]?.probabilities.trials).toBe(60);
    await saveReports(file, reportsOf(read));
    expect(reportsOf(await readSavedResults(file))[0]?.probabilities.trials).toBe(50);
  });

  test('show the settings that differ', () => {
    const result = madeResult();
    const changed = { ...result.settings, simulation: { ...result.settings.simulation, mode: 'HF_LIMIT' as const } };
    const text = compareText(reportsOf([result, { ...result, settings: changed }]));
    expect(text).toContain('simulation.mode: HF_MARKET HF_MARKET; HF_LIMIT HF_LIMIT');
  });
});

test('the page needs nothing from outside and escapes what it shows', () => {
  const page = htmlPage([
    reportOf(madeResult({ run: '<script>alert(1)</script>', trades: tradesWith([1, -1]), prices })),
  ]);
  expect(page).not.toMatch(/<script|https?:|url\(|@import|<link|<img/);
  expect(page).toContain('&lt;script&gt;');
});

test('each part of a result stands below its name', () => {
  const costs = { move: 9, spread: 1, slippage: 2, fees: 3, funding: 4, net: -1, legsWithoutBook: 0 };
  const group = { key: 'TIME_EXIT', trades: 7, wins: 5, costs, netBp: { count: 7, mean: -8, error: 6 } };
  const { columns, rows } = groupTable('exitReason', [group], group);
  expect(Object.fromEntries(columns.map((name, at) => [name, rows[0]?.[at]]))).toEqual({
    ...{ 'exit reason': 'TIME_EXIT', trades: '7', won: '5', net: '−1.00', 'bp ± se': '−8.0 ± 6.0', move: '+9.00' },
    ...{ spread: '−1.00', slip: '−2.00', fees: '−3.00', fund: '−4.00' },
  });
  expect(rows).toHaveLength(1);
});

test('the CSV has a line per trade, and its parts add up', () => {
  const [head = '', ...lines] = tradesCsv([reportOf(edge('thirty days'))])
    .trimEnd()
    .split('\r\n');
  expect(lines).toHaveLength(30);
  const names = head.split(',');
  for (const line of lines) {
    const cells = line.split(',');
    const [move = 0, spread = 0, slippage = 0, fees = 0, funding = 0, net = 0] = [
      'move',
      'spread',
      'slippage',
      'fees',
      'funding',
      'net',
    ].map((name) => Number(cells[names.indexOf(name)]));
    expect(move - spread - slippage - fees - funding).toBeCloseTo(net, 9);
  }
});

describe('a file that is no result', () => {
  const path = join(folder, 'bad.json');
  test.each([
    ['{', /it is no JSON/],
    ['[]', /it is no backtest result/],
    ['{"run":"x","trades":[]}', /it is no backtest result/],
    ['{"format":"helios-backtest","version":3,"results":[]}', /has version 3, and this program reads 1 and 2/],
    ['{"format":"helios-backtest","version":1,"results":[{"result":{}}]}', /results\.0\.result/],
    ['{"format":"helios-backtest","version":2,"results":[{"result":{}}]}', /results\.0\.result/],
  ])('%s is refused with the reason', async (text, message) => {
    writeFileSync(path, text);
    await expect(readSavedResults(path)).rejects.toThrow(NotABacktestResult);
    await expect(readSavedResults(path)).rejects.toThrow(message);
  });

  test('is refused also where there is none', async () => {
    await expect(readSavedResults(join(folder, 'missing.json'))).rejects.toThrow(/there is no such file/);
  });
});

describe('the options of the report', () => {
  const optionsOf = (...args: string[]) => readReportOptions(readCommandLine('backtest', args), '/tmp');

  test('are files beside the typed folder', () => {
    expect(optionsOf('--data', 'a', '--json', 'x.json', '--html', '/y.html', '--trials', '20')).toEqual({
      ...{ json: '/tmp/x.json', csv: undefined, html: '/y.html', compared: [], inAllModes: false, trials: 20 },
    });
    expect(optionsOf('--compare', 'a.json', 'b.json').compared).toEqual(['/tmp/a.json', '/tmp/b.json']);
  });

  test.each([
    [['--data', 'a', '--modes', 'HF'], /--modes takes all/],
    [['--data', 'a', '--modes', 'all', '--mode', 'HF_LIMIT'], /leave --mode out/],
    [['--compare', 'a', 'b', '--modes', 'all'], /needs data to play/],
    [['--compare', 'a'], /needs two results/],
    [['--data', 'a', '--trials', '0'], /--trials must be a whole number/],
  ])('%j is refused', (args, message) => {
    expect(() => optionsOf(...args)).toThrow(CommandLineError);
    expect(() => optionsOf(...args)).toThrow(message);
  });
});

test('numbers are shown with a true minus, groups, and – where there is none', () => {
  expect([
    figure(-1_234_567.891),
    figure(-0.001),
    figure(undefined),
    figure(Number.NaN),
    figure(Number.POSITIVE_INFINITY),
  ]).toEqual([...['−1,234,567.89', '0.00', '–', '–', '–']]);
  expect([signedFigure(2), signedFigure(0.001), signedFigure(-2)]).toEqual(['+2.00', '0.00', '−2.00']);
  expect([intervalText({ low: -1, high: 2 }), intervalText({ value: 1 })]).toEqual(['−1.00 … 2.00', '–']);
  expect([meanText({ count: 9, mean: 1, error: 0.5 }), meanText({ count: 0 })]).toEqual(['+1.0 ± 0.5', '–']);
  expect([probabilityText(0), probabilityText(0.5), probabilityText(1), probabilityText(undefined)]).toEqual([
    ...['< 0.001', '0.500', '> 0.999', '–'],
  ]);
  expect([spanText(90_000), spanText(30 * 60_000), spanText(5 * HOUR_MS), spanText(3 * DAY_MS)]).toEqual([
    ...['90 s', '30.0 min', '5.0 h', '3.0 days'],
  ]);
});

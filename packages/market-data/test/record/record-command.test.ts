import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startExchange } from '@helios/exchange-simulator/start-exchange.ts';
import { checkDataFiles } from '@helios/market-data/check/check-data-files.ts';
import { eventually } from '@helios/shared/testing/eventually.ts';
import { beforeAll, expect, onTestFinished, test } from 'vitest';

const SCRIPT = join(import.meta.dirname, '../../src/record/record-command.ts');
const SYMBOLS = ['BTCUSDT', 'ETHUSDT'];

let exchange: Awaited<ReturnType<typeof startExchange>>;
beforeAll(async () => {
  exchange = await startExchange({ market: { kind: 'generator', symbols: SYMBOLS, updatesPerSecond: 20 } });
  return () => exchange.stop();
});

/** Runs `npm run record` on the local exchange; `below` is the folder of its recordings. */
function record(args: readonly string[], below = 'out') {
  const folder = mkdtempSync(join(tmpdir(), 'helios-record-'));
  const env = {
    PATH: process.env['PATH'],
    HELIOS_SETTINGS_DIR: folder,
    BINANCE_REST_URL: exchange.url,
    BINANCE_STREAM_URL: exchange.streamUrl,
  };
  writeFileSync(join(folder, 'file'), '');
  const out = join(folder, below);
  const child = spawn(process.execPath, [SCRIPT, '--out', out, ...args], { env });
  const said = { text: '' };
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text) => {
      said.text += text;
    });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
    rmSync(folder, { recursive: true });
  });
  return { out, said, ended, interrupt: () => child.kill('SIGINT') };
}

test('records until Ctrl-C: the files are whole, without faults, and have a book of each symbol', async () => {
  const { out, said, ended, interrupt } = record(['--symbols', 'btcusdt,ETHUSDT']);
  await eventually('the start', () => said.text.includes('Recording BTCUSDT, ETHUSDT'), 20_000);
  const bytes = () => (existsSync(out) ? readdirSync(out) : []).map((name) => statSync(join(out, name)).size);
  await eventually('some seconds of frames', () => (bytes()[0] ?? 0) > 30_000, 30_000);
  interrupt();
  expect(await ended, said.text).toBe(0);
  expect(said.text).toMatch(/\d+ lines in 1 file, /);
  const files = readdirSync(out).map((name) => join(out, name));
  for await (const { symbols, faults } of checkDataFiles(files, 'usdm')) {
    expect(faults).toEqual([]);
    expect([...symbols.keys()].toSorted()).toEqual(SYMBOLS);
    for (const { depth, marks, snapshots, withoutBookMs } of symbols.values()) {
      expect(depth).toBeGreaterThan(10);
      expect(marks).toBeGreaterThan(1);
      expect(snapshots).toBe(1);
      expect(withoutBookMs).toBeLessThan(2_000);
    }
  }
}, 60_000);

test('ends by itself after --minutes', async () => {
  const { said, ended } = record(['--symbols', 'BTCUSDT', '--minutes', '0.05']);
  expect(await ended, said.text).toBe(0);
}, 60_000);

test('refuses a symbol that the venue does not list, before it records', async () => {
  const { said, ended } = record(['--symbols', 'BTCUSDT,NOPEUSDT']);
  expect(await ended).toBe(1);
  expect(said.text).toContain('is NOPEUSDT listed?');
}, 60_000);

test('refuses a folder that it cannot make, without a stack trace', async () => {
  const { said, ended } = record([], join('file', 'below'));
  expect(await ended).toBe(1);
  expect(said.text).toContain('is a file, and a folder is needed there');
  expect(said.text).not.toContain('    at ');
}, 60_000);

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { CommandLineError } from '@helios/shared/runtime/cli/command-line.mjs';
import { readCommandLine } from '@helios/shared/runtime/cli/run-command.ts';
import { eventually } from '@helios/shared/testing/eventually.ts';
import { afterEach, expect, test } from 'vitest';
import { readCliOptions } from '../src/cli-options.ts';
import { connected } from './stream-client.ts';

const read = (args: readonly string[]) => readCliOptions(readCommandLine('exchange', args), '/home');

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

function run(...args: string[]): { child: ChildProcess; output: () => string; ended: Promise<number | null> } {
  const child = spawn(process.execPath, [join(import.meta.dirname, '../src/main.ts'), ...args]);
  children.push(child);
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (text += chunk));
  return { child, output: () => text, ended: once(child, 'exit').then(([code]) => code) };
}

test('without options the venue serves a made-up market on the default ports', () => {
  expect(read([])).toMatchObject({
    files: [],
    port: 9090,
    controlPort: 9091,
    speed: 1,
    weightPerMinute: 2_400,
  });
});

test('the control port follows the port, so two venues can run at the same time', () => {
  expect(read(['--port', '9300'])).toMatchObject({ port: 9300, controlPort: 9301 });
  expect(read(['--port', '9300', '--control-port', '9400'])).toMatchObject({ port: 9300, controlPort: 9400 });
  expect(read(['--port', '0'])).toMatchObject({ port: 0, controlPort: 0 });
  expect(read(['--port', '65535'])).toMatchObject({ port: 65_535, controlPort: 65_534 });
});

test('one port for both is refused before it looks like another program', () => {
  expect(() => read(['--port', '9300', '--control-port', '9300'])).toThrow('--port and --control-port are both 9300');
});

test('recordings are relative to the current folder, in both forms', () => {
  expect(read(['--data', 'a.gz', '/b.gz', '--hold', '--port=0'])).toMatchObject({
    files: ['/home/a.gz', '/b.gz'],
    hold: true,
    port: 0,
  });
  expect(read(['--data=a.gz', 'b.gz']).files).toEqual(['/home/a.gz', '/home/b.gz']);
});

test('the routes of @trade can be set, also to none', () => {
  expect(read([]).tradeRoutes).toBeUndefined();
  expect(read(['--trade-stream', 'none']).tradeRoutes).toEqual([]);
  expect(read(['--trade-stream', 'market,legacy']).tradeRoutes).toEqual(['market', 'legacy']);
});

test('accounts have names, keys and balances', () => {
  const args = ['--api-key', 'K', '--api-secret', 'S', '--balance', '250.50', '--account', 'a:K1:S1:5000', 'b:K2:S2'];
  const account = (id: string, apiKey: string, apiSecret: string, balance: string) => ({
    ...{ id, keys: [{ apiKey, apiSecret }], balance },
  });
  expect(read([...args, '--time-speed', '60', '--state', 'x.jsonl'])).toMatchObject({
    accounts: [
      account('main', 'K', 'S', '250.50'),
      account('a', 'K1', 'S1', '5000'),
      account('b', 'K2', 'S2', '10000'),
    ],
    timeSpeed: 60,
    state: '/home/x.jsonl',
  });
});

test.each([
  [['--account', 'a:K:topsecret', 'a:K2:topsecret'], 'two accounts have the name “a”'],
  [['--account', 'a:K:topsecret', 'b:K:topsecret'], 'the same API key'],
  [['--account', 'a:K'], 'needs NAME:KEY:SECRET'],
  [['--account', 'a:K:topsecret:1:2'], 'needs NAME:KEY:SECRET'],
  [['--account', 'a:K:topsecret:-5'], 'not a balance'],
  [['--account', 'a:not a key:topsecret'], 'letters and digits'],
  [['--account', 'a:K:-----BEGIN PUBLIC KEY-----\ntopsecret'], 'cannot be read as one'],
  [['--balance', '5'], '--balance needs an account'],
  [['--api-key', 'K', '--api-secret', 'topsecret', '--balance', '1e9'], 'not a balance'],
  [['--time-speed', '0.5'], 'from 1 to 1000'],
])('%j is refused: %s, without telling a secret', (args, why) => {
  expect(() => read(args)).toThrow(CommandLineError);
  expect(() => read(args)).toThrow(why);
  expect(() => read(args)).not.toThrow('topsecret');
});

test.each([
  ['--bogus'],
  ['--data'],
  ['a.gz'],
  ['--port'],
  ['--port', 'x'],
  ['--port', '70000'],
  ['--port', '1.5'],
  ['--speed', '0'],
  ['--seed', '--hold'],
  ['--symbols', ','],
  ['--symbols', 'btc usdt'],
  ['--symbols', 'BTCUSDT', '--data', 'a.gz'],
  ['--trade-stream', 'private'],
  ['--trade-stream', 'constructor'],
])('%s %s %s is refused, and the message names the help', (...args) => {
  const given = args.filter((arg) => arg !== undefined);
  expect(() => read(given)).toThrow(CommandLineError);
  expect(() => read(given)).toThrow('npm run exchange -- --help');
});

test('the venue prints its addresses, serves, and prints its counts at SIGTERM', async () => {
  const { child, output, ended } = run('--port', '0', '--control-port', '0', '--traps', '--symbols', 'BTCUSDT,XRPUSDT');
  await eventually('the addresses are printed', () => output().includes('Ctrl-C'), 60_000);
  const url = /REST +(\S+)/.exec(output())?.[1] ?? '';
  const info = (await (await fetch(url)).json()) as { symbols: { symbol: string }[] };
  expect(info.symbols.map(({ symbol }) => symbol)).toEqual(expect.arrayContaining(['BTCUSDT', 'XRPUSDT', 'TSLAUSDT']));
  const origin = new URL(url).origin;
  expect(output()).toContain(`BINANCE_REST_URL=${origin} BINANCE_STREAM_URL=${origin.replace('http', 'ws')}`);
  const client = await connected(/streams +(\S+)/.exec(output())?.[1] ?? '');
  await eventually('events', () => client.texts.length > 2);
  child.kill('SIGTERM');
  expect(await ended).toBe(0);
  expect(output()).toContain('Stopped after 1 requests');
  expect(output()).toContain('over 1 stream connections.');
}, 90_000);

test('a missing recording, a taken port (1) and a mistyped option (2) end with a way out and no stack trace', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const port = String((taken.address() as { port: number }).port);
  const runs = [run('--data', '/nowhere/at/all.gz'), run('--port', port), run('--nonsense')];
  expect(await Promise.all(runs.map(({ ended }) => ended))).toEqual([1, 1, 2]);
  const [missing, busy, mistyped] = runs.map(({ output }) => output());
  taken.close();
  expect(missing).toContain('/nowhere/at/all.gz');
  expect(missing).toContain('after --data');
  expect(busy).toContain('--port');
  expect(mistyped).toContain('--nonsense');
  for (const text of [missing, busy, mistyped]) expect(text).not.toMatch(/^\s+at /m);
});

import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { readCommandLine } from '@helios/shared/runtime/cli/run-command.ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkRecordings, readStartOptions } from './start-options.ts';

const parse = (...args: string[]) => readStartOptions(readCommandLine('start', args), '/here');

describe('readStartOptions', () => {
  it('has no replay by default', () => {
    expect(parse()).toEqual({ detach: false, replay: undefined });
    expect(parse('--detach').detach).toBe(true);
  });

  it('reads a replay with several files, relative to the current folder', () => {
    expect(parse('--replay', 'a.gz', '/b.gz', '--speed', 'max', '--exit', '--detach')).toEqual({
      detach: true,
      replay: { kind: 'replay', files: ['/here/a.gz', '/b.gz'], speed: 'max', exit: true },
    });
    expect(parse('--replay=a', '--replay', 'b', '--speed=2.5').replay).toMatchObject({
      files: ['/here/a', '/here/b'],
      speed: 2.5,
    });
    expect(parse('--replay', 'a').replay).toMatchObject({ speed: 1, exit: false });
  });

  it('reads a file of posts, relative to the current folder', () => {
    expect(parse('--posts', 'posts.jsonl.gz', '--detach')).toMatchObject({
      posts: '/here/posts.jsonl.gz',
      detach: true,
    });
    expect(parse('--posts=/posts.jsonl').posts).toBe('/posts.jsonl');
  });

  it.each([
    [['--posts'], /--posts needs a value/],
    [['--posts', '--detach'], /--posts needs a value/],
    [['--speed', 'fast', '--replay', 'a'], /not “fast”/],
    [['--speed', '0', '--replay', 'a'], /above 0/],
    [['--speed', '--replay', 'a'], /--speed needs a value/],
    [['--replay', 'a', '--speed'], /--speed needs a value/],
    [['--replay'], /--replay needs a value/],
    [['--exit'], /work with --replay only/],
    [['--detatch'], /“--detatch” is not an option of npm start. The nearest is --detach/],
    [['a.gz'], /“a.gz” is one argument too many/],
  ])('refuses %j and names the help', (args, message) => {
    expect(() => parse(...args)).toThrow(message);
    expect(() => parse(...args)).toThrow(/npm start -- --help/);
  });
});

describe('checkRecordings', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'helios-recordings-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('returns the size of each', async () => {
    const line = '1700000000000000 {"stream":"btcusdt@trade"}\n';
    await writeFile(join(folder, 'a.gz'), gzipSync(line));
    await writeFile(join(folder, 'b.dat'), `# a note\n\n${line}`);
    const found = checkRecordings({ files: [join(folder, 'a.gz'), join(folder, 'b.dat')] });
    expect(found.map(({ bytes }) => bytes)).toEqual([gzipSync(line).length, 10 + line.length]);
  });

  it('lists every fault at once', async () => {
    await writeFile(join(folder, 'empty.gz'), '');
    await writeFile(join(folder, 'plain.gz'), 'not gzip');
    await mkdir(join(folder, 'folder'));
    await writeFile(join(folder, 'prose'), 'hello\n');
    await writeFile(join(folder, 'prose.gz'), gzipSync('hello\n'.repeat(1_000)));
    const files = ['missing', 'empty.gz', 'plain.gz', 'folder', 'prose', 'prose.gz'].map((name) => join(folder, name));
    const check = () => checkRecordings({ files });
    for (const message of [/missing: does not exist/, /is empty/, /is not gzip/, /is not a file/])
      expect(check).toThrow(message);
    for (const name of ['prose', 'prose.gz']) expect(check).toThrow(`${name}: is not a recording`);
  });

  it('accepts a damaged recording, because the replay plays its intact part', async () => {
    const line = '1700000000000000 {"stream":"btcusdt@trade"}\n';
    const whole = gzipSync(line.repeat(1_000));
    await writeFile(join(folder, 'cut.gz'), whole.subarray(0, whole.length - 20));
    await writeFile(join(folder, 'torn.gz'), Buffer.from(whole).fill(0xff, 20, 30));
    const found = checkRecordings({ files: [join(folder, 'cut.gz'), join(folder, 'torn.gz')] });
    expect(found.map(({ bytes }) => bytes)).toEqual([whole.length - 20, whole.length]);
  });

  const update = (fields: object) =>
    `1700000000000000 ${JSON.stringify({ stream: 'x@depth', data: { e: 'depthUpdate', s: 'BTCUSDT', U: 9, u: 9, ...fields } })}\n`;
  const levels = { b: [['64000.0', '1']], a: [] };

  it.each([
    ['COIN-M', { s: 'BTCUSD_PERP', pu: 8, ...levels }, undefined, 'BTCUSD_PERP is a COIN-M contract'],
    ['spot', levels, undefined, 'if it is a spot recording, add --market spot'],
    ['futures', { pu: 8, ...levels }, 'spot', 'leave out --market spot'],
  ] as const)('refuses a recording of %s with the wrong --market, zipped or not', async (_, fields, market, words) => {
    await writeFile(join(folder, 'a.gz'), gzipSync(update(fields)));
    await writeFile(join(folder, 'a.dat'), update(fields));
    for (const name of ['a.gz', 'a.dat']) {
      const check = () => checkRecordings({ files: [join(folder, name)], ...(market && { market }) });
      expect(check).toThrow('nothing was started');
      expect(check).toThrow(words);
    }
  });

  it('accepts the right market, and a line that the sample cuts off before its `pu`', async () => {
    await writeFile(join(folder, 'spot'), update(levels));
    expect(checkRecordings({ files: [join(folder, 'spot')], market: 'spot' })).toHaveLength(1);
    const whole = update({ pu: 8, ...levels });
    await writeFile(join(folder, 'cut'), whole + whole.slice(0, whole.indexOf('"pu"')));
    expect(checkRecordings({ files: [join(folder, 'cut')] })).toHaveLength(1);
  });

  it.skipIf(process.getuid?.() === 0)('names a file without read permission', async () => {
    await writeFile(join(folder, 'secret'), 'x');
    await chmod(join(folder, 'secret'), 0);
    expect(() => checkRecordings({ files: [join(folder, 'secret')] })).toThrow(/is not readable/);
  });
});

it('--market names the recorded market; the default is futures', () => {
  expect(parse('--replay', 'a').replay).not.toHaveProperty('market');
  expect(parse('--replay', 'a', '--market', 'usdm').replay).not.toHaveProperty('market');
  expect(parse('--replay', 'a', '--market', 'spot').replay).toMatchObject({ kind: 'replay', market: 'spot' });
  expect(() => parse('--replay', 'a', '--market', 'coinm')).toThrow('--market must be usdm or spot, not coinm');
  expect(() => parse('--market', 'spot')).toThrow('work with --replay only');
});

import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { eventually } from '../testing/eventually.ts';
import { createLineOutput } from './line-output.ts';

/** A reader that reads nothing until `takeAll`. */
function pausedReader() {
  const taken: string[] = [];
  const waiting: (() => void)[] = [];
  let isPaused = true;
  const stream = new Writable({
    decodeStrings: false,
    highWaterMark: 10,
    write(chunk, _encoding, done) {
      taken.push(chunk);
      if (isPaused) waiting.push(done);
      else done();
    },
  });
  return {
    stream,
    taken,
    takeAll() {
      isPaused = false;
      for (const done of waiting.splice(0)) done();
    },
  };
}

describe('a reader that is stopped', () => {
  test('loses lines beyond the limit, in one gap that is reported when it reads again', async () => {
    const reader = pausedReader();
    const reports: number[] = [];
    const onDropped = (lines: number) => {
      reports.push(lines);
      output.write(`(${lines} dropped)`);
    };
    const output = createLineOutput(reader.stream, onDropped, 100);
    for (let i = 0; i < 50; i += 1) output.write(`line ${i}\n`.padEnd(20));
    expect(reports).toEqual([]);
    reader.takeAll();
    await output.flushed(1_000);
    expect(reports).toEqual([44]);
    output.write('later');
    // Six lines of 20 fill the limit of 100.
    expect(reader.taken.map((text) => text.trim())).toEqual([
      ...Array.from({ length: 6 }, (_, i) => `line ${i}`),
      '(44 dropped)',
      'later',
    ]);
  });

  test('leaves extra room for the last line of a process', async () => {
    const reader = pausedReader();
    const output = createLineOutput(reader.stream, () => {}, 100);
    for (let i = 0; i < 50; i += 1) output.write('x'.repeat(20));
    output.writeLastLine('why it ends');
    reader.takeAll();
    await output.flushed(1_000);
    expect(reader.taken.at(-1)).toBe('why it ends');
  });

  test('loses one line above the limit, but not all that follow', async () => {
    const reader = pausedReader();
    const output = createLineOutput(reader.stream, () => {}, 100);
    reader.takeAll();
    output.write('x'.repeat(1_000));
    await output.flushed(1_000);
    output.write('next');
    expect(reader.taken.at(-1)).toBe('next');
  });

  test('delays a flush no longer than allowed', async () => {
    const reader = pausedReader();
    const output = createLineOutput(reader.stream, () => {});
    output.write('x');
    const startedMs = performance.now();
    await output.flushed(50);
    expect(performance.now() - startedMs).toBeGreaterThanOrEqual(49);
    expect(reader.taken).toEqual(['x']);
  });

  test('that is gone is no fault', async () => {
    const stream = new Writable({ write: (_chunk, _encoding, done) => done(new Error('EPIPE')) });
    const output = createLineOutput(stream, () => {});
    output.write('x');
    await eventually('it has failed', () => stream.destroyed);
    output.write('y');
    await output.flushed(50);
  });
});

describe('a process that logs 8,000 lines', () => {
  let folder: string;
  const running: { kill(signal: NodeJS.Signals): boolean }[] = [];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'helios-output-'));
  });
  afterEach(() => {
    for (const child of running.splice(0)) child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  const script = () => `
    import { writeFileSync } from 'node:fs';
    import { createLogger } from ${JSON.stringify(join(import.meta.dirname, 'logger.ts'))};
    const log = createLogger({ service: 'signal-engine' });
    writeFileSync(${JSON.stringify(join(folder, 'pid'))}, String(process.pid));
    for (let i = 0; i < 8_000; i += 1) log.info({ i, text: 'x'.repeat(200) }, 'a line');
    writeFileSync(${JSON.stringify(join(folder, 'done'))}, 'yes');
    log.fatal({}, 'the end');
    await log.flushed(20_000);
    process.exit(3);`;
  const isDone = () => existsSync(join(folder, 'done'));

  test('into a pipe that nobody reads continues; the pipe then shows how many were dropped, and why the process ended', async () => {
    const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', script()], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    running.push(child);
    await eventually('all lines are logged', isDone, 20_000);
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect(code).toBe(3);
    const lines = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const kept = lines.filter(({ message }) => message === 'a line').map(({ i }) => i);
    expect(kept).toEqual(Array.from({ length: kept.length }, (_, i) => i));
    const report = lines.find(({ dropped_lines }) => dropped_lines !== undefined);
    expect(report).toMatchObject({ level: 'WARN', dropped_lines: 8_000 - kept.length });
    expect(kept.length).toBeGreaterThan(2_000);
    expect(report.dropped_lines).toBeGreaterThan(2_000);
    expect(lines.find(({ level }) => level === 'FATAL')).toMatchObject({ message: 'the end' });
  });

  test.skipIf(process.platform !== 'linux')('onto a stopped terminal (Ctrl-S, a paused ssh) continues', async () => {
    const source = join(folder, 'log.ts');
    const started = join(folder, 'started');
    writeFileSync(
      source,
      `import { existsSync, writeFileSync as write } from 'node:fs';
       write(${JSON.stringify(started)}, String(process.stdout.isTTY));
       while (!existsSync(${JSON.stringify(join(folder, 'go'))})) await new Promise((r) => setTimeout(r, 5));
       ${script()}`,
    );
    const terminal = spawn('script', ['-qec', `${process.execPath} ${source}`, '/dev/null'], { stdio: 'ignore' });
    running.push(terminal);
    await eventually('it runs on a terminal', () => existsSync(started) && readFileSync(started, 'utf8') === 'true');
    // From now on nobody reads the terminal.
    terminal.kill('SIGSTOP');
    writeFileSync(join(folder, 'go'), '');
    await eventually('all lines are logged', isDone);
    terminal.kill('SIGCONT');
    expect(await new Promise((resolve) => terminal.on('close', resolve))).toBe(3);
  });
});

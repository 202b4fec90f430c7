import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RecordedLine } from '@helios/market-data/recorded-line.ts';
import type { RecordingFault } from '@helios/market-data/recording-fault.ts';
import { readRecording } from '@helios/market-data/recording-reader.ts';
import { eventually } from '@helios/shared/testing/eventually.ts';
import { expect, onTestFinished, test } from 'vitest';

const SCRIPT = join(import.meta.dirname, 'record-generated.ts');

/** A recorder in a process of its own. @param maxBytes limit of the operating system on the size of a file */
function record(maxBytes?: number) {
  const folder = mkdtempSync(join(tmpdir(), 'helios-killed-'));
  const limited = maxBytes === undefined ? [] : ['prlimit', `--fsize=${maxBytes}`];
  const [command = '', ...args] = [...limited, process.execPath, SCRIPT, folder];
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const said = { text: '' };
  child.stdout.on('data', (text) => {
    said.text += text;
  });
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended;
  };
  onTestFinished(async () => {
    await kill();
    rmSync(folder, { recursive: true });
  });
  const files = () => readdirSync(folder).map((name) => join(folder, name));
  return { files, bytes: () => files().reduce((sum, file) => sum + statSync(file).size, 0), kill, said };
}

async function read(file: string) {
  const lines: RecordedLine[] = [];
  const faults: RecordingFault[] = [];
  for await (const batch of readRecording(file, (fault) => faults.push(fault))) lines.push(...batch);
  return { lines, faults };
}

const idOf = (line: RecordedLine) => JSON.parse(line.text).data.t as number;

test('a killed recorder loses at most the last two seconds', async () => {
  const recorder = record();
  await eventually('some seconds of frames', () => recorder.bytes() > 15_000, 20_000);
  await recorder.kill();
  const killedTs = Date.now();
  const [file = ''] = recorder.files();
  const { lines, faults } = await read(file);
  expect(faults.map(({ kind }) => kind)).toEqual(['TRUNCATED_FILE']);
  expect(lines.map(idOf)).toEqual(lines.map((_, i) => i + 1));
  expect(killedTs - (lines.at(-1)?.tsReceived ?? 0)).toBeLessThan(2_000);
}, 30_000);

test('a disk that is full in the middle of a write leaves a file whose every line is readable', async () => {
  const recorder = record(20_000);
  await eventually('the error', () => recorder.said.text !== '', 20_000);
  const [first = ''] = recorder.files();
  const { lines, faults } = await read(first);
  expect(faults.map(({ kind }) => kind)).toEqual(['TRUNCATED_FILE']);
  expect(lines.length).toBeGreaterThan(100);
  expect(lines.map(idOf)).toEqual(lines.map((_, i) => i + 1));
  expect(JSON.parse(recorder.said.text)).toMatchObject({ message: 'the market is not recorded' });
}, 30_000);

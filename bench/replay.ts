import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInProcess } from '@helios/backtest/run-in-process.ts';
import { createReplaySource } from '@helios/market-data/replay-source.ts';
import { defaultSettings } from '@helios/shared/testing/builders.ts';
import { TestFleet } from '../tests/harness/fleet.ts';
import { benchRecording } from './frames.ts';
import type { Row } from './report.ts';

/** Lines of a recording per second: through the whole strategy in one process, and in lock-step through the real services. */
export async function benchReplay(): Promise<Row[]> {
  const { files, name } = await benchRecording();
  const source = () => createReplaySource({ files, onFault: (fault) => console.error(fault) });
  await runInProcess(source(), defaultSettings(), 'bench');
  const began = performance.now();
  const { counts } = await runInProcess(source(), defaultSettings(), 'bench');
  const inProcess = (1_000 * counts.frames) / (performance.now() - began);
  const seconds = await lockStepSeconds(files);
  return [
    { what: `replay in one process (${name})`, value: inProcess, unit: 'lines/s' },
    { what: `replay in lock-step through the services (${name})`, value: counts.frames / seconds, unit: 'lines/s' },
  ];
}

/** Time from the first running service to the end of the recording, from the log of data-ingestor. */
async function lockStepSeconds(files: readonly string[]): Promise<number> {
  const { fleet, code } = await TestFleet.runToEnd({ args: ['--replay', ...files, '--speed', 'max', '--exit'] });
  try {
    if (code !== 0) throw new Error(`the replay ended with ${code}:\n${fleet.said}`);
    const lines = readFileSync(join(fleet.logDir, 'helios.log'), 'utf8').trim().split('\n');
    const timeOf = (message: string): number =>
      lines.map((line) => JSON.parse(line)).find((line) => line.message === message).ts;
    return (timeOf('replay ended') - timeOf('replay starts')) / 1_000;
  } finally {
    await fleet.remove();
  }
}

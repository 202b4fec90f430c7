import { existsSync, mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createReplaySource } from '@helios/market-data/replay-source.ts';
import type { VenueFrame } from '@helios/market-data/source.ts';
import { writeGeneratedRecording } from '@helios/synthetic-market/write-recording.ts';

const DATA = resolve(process.env['HELIOS_DATA_DIR'] ?? '../shared/data', 'depth');

/** The recorded BTCUSDT session of 2023, or a generated one if there is no data folder. */
export async function benchRecording(): Promise<{ files: string[]; name: string }> {
  if (existsSync(DATA)) {
    const files = readdirSync(DATA)
      .filter((file) => file.startsWith('usdm_btcusdt_2023'))
      .sort();
    return { files: files.map((file) => join(DATA, file)), name: 'BTCUSDT 2023, recorded' };
  }
  const file = join(mkdtempSync(join(tmpdir(), 'helios-bench-')), 'generated.gz');
  await writeGeneratedRecording({ file, seed: 1, symbols: ['BTCUSDT'], seconds: 300 });
  return { files: [file], name: 'generated' };
}

/** All frames of a recording, in memory. */
export async function readFrames(files: readonly string[]): Promise<VenueFrame[]> {
  const frames: VenueFrame[] = [];
  const source = createReplaySource({ files, onFault: (fault) => console.error(fault) });
  for await (const frame of source.frames(new AbortController().signal)) frames.push(frame);
  return frames;
}

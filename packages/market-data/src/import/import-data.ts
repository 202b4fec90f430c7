import type { CacheContent } from '../cache/cache-content.ts';
import { CacheWriter } from '../cache/cache-writer.ts';
import { type ImportedMarket, importMarket } from '../cache/import-market.ts';
import type { RecordedMarket } from '../recorded-market.ts';
import { recordingLabel } from '../recording-label.ts';
import { createReplaySource } from '../replay-source.ts';
import { type DetectedFile, detectFormat } from './detect-format.ts';
import { openForeignFile } from './foreign-file.ts';
import { scanForeign } from './foreign-scan.ts';
import { createForeignSource } from './foreign-source.ts';
import { describeSources } from './import-sources.ts';
import { NotImportable } from './not-importable.ts';

export interface ImportOptions {
  readonly files: readonly string[];
  readonly market: RecordedMarket;
  /** Name of the cache. */
  readonly out: string;
  /** Ends the import; nothing is left of it. */
  readonly stop: AbortSignal;
}

/** Makes one cache of all files. Rejects with NotImportable or NotARecording, or with the error of the disk. */
export async function importData({ files, market, out, stop }: ImportOptions): Promise<Omit<CacheContent, 'chunks'>> {
  const sources = await describeSources(files, stop);
  const run = recordingLabel(sources.map(({ name, bytes }) => ({ path: name, bytes })));
  const opened = await openSource(files, market, stop);
  const writer = await CacheWriter.create(out);
  try {
    return await importMarket({ run, sources, ...opened }, writer, stop);
  } catch (error) {
    await writer.discard();
    throw error;
  }
}

/** The source of all files: recordings, or files of other formats. */
async function openSource(
  files: readonly string[],
  market: RecordedMarket,
  stop: AbortSignal,
): Promise<Pick<ImportedMarket, 'open' | 'isRecorded'>> {
  const recordings: string[] = [];
  const others: Exclude<DetectedFile, { kind: 'RECORDING' }>[] = [];
  for (const file of files) {
    const detected = await detectFormat(file);
    if (detected.kind === 'RECORDING') recordings.push(file);
    else others.push(detected);
  }
  const [other] = others;
  if (other === undefined)
    return { isRecorded: true, open: (onFault) => createReplaySource({ files, market, onFault }) };
  if (recordings.length > 0)
    throw new NotImportable(other.file, 'it is no recording, and others are; import them apart');
  const opened = await Promise.all(others.map(openForeignFile));
  const scan = await scanForeign(opened, stop);
  return { isRecorded: false, open: (onFault) => createForeignSource(scan, onFault) };
}

import type { CacheContent } from '../cache/cache-content.ts';
import { CacheWriter } from '../cache/cache-writer.ts';
import { importMarket } from '../cache/import-market.ts';
import type { RecordedMarket } from '../recorded-market.ts';
import { recordingLabel } from '../recording-label.ts';
import { createReplaySource } from '../replay-source.ts';
import { describeSources } from './import-sources.ts';

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
  const writer = await CacheWriter.create(out);
  try {
    const open = (onFault: Parameters<typeof createReplaySource>[0]['onFault']) =>
      createReplaySource({ files, market, onFault });
    return await importMarket({ run, sources, open }, writer, stop);
  } catch (error) {
    await writer.discard();
    throw error;
  }
}

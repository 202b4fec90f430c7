import type { RecordedMarket } from '@helios/market-data/recorded-market.ts';
import type { RecordingFault } from '@helios/market-data/recording-fault.ts';
import { createReplaySource } from '@helios/market-data/replay-source.ts';
import { BookSampler } from './book-samples.ts';

/** Samples recordings, read as in a replay. Rejects with NotARecording if a file is not a recording, or of another market. */
export async function sampleRecording(
  files: readonly string[],
  market: RecordedMarket,
  onFault: (fault: RecordingFault) => void,
): Promise<BookSampler> {
  const sampler = new BookSampler();
  const source = createReplaySource({ files, market, onFault });
  await source.instruments();
  for await (const frame of source.frames(new AbortController().signal)) sampler.add(frame.text, frame.symbol);
  return sampler;
}

import { Instrument } from '@helios/shared/domain/instrument.ts';
import { HopelessStart } from '@helios/shared/runtime/errors.ts';
import { z } from 'zod';
import { RECORDING_FAULTS } from '../recording-fault.ts';

/** Ending of the name of a cache. */
export const CACHE_ENDING = '.helios';
/** Raised by every change after which older caches cannot be read. */
export const CACHE_VERSION = 1;

/** The file is no cache, or it is damaged. */
export class NotACache extends HopelessStart {
  constructor(file: string, why: string) {
    super(`${file} cannot be played: ${why}. Make it from its sources: npm run data -- import FILE… --out ${file}.`);
    this.name = 'NotACache';
  }
}

const Whole = z.number().int().nonnegative();

/** What a cache says about itself. */
export const CacheContent = z.object({
  /** Name of the session: the same as that of its sources, so that a backtest gives the same ids. */
  run: z.string().min(1),
  instruments: z.array(Instrument).min(1),
  sources: z.array(z.object({ name: z.string(), bytes: Whole, sha256: z.string() })),
  /** Market time of the first and the last frame, epoch ms. */
  firstTs: Whole,
  lastTs: Whole,
  frames: Whole,
  /** Number of events of each type. */
  events: z.record(z.string(), Whole),
  /** Faults of the sources; `afterTs` is the market time of the last frame before the fault was found, epoch ms. */
  faults: z.array(
    z.object({
      kind: z.enum(RECORDING_FAULTS),
      file: z.string(),
      line: Whole,
      detail: z.string(),
      afterTs: z.number(),
    }),
  ),
  chunks: z.array(z.object({ at: Whole, bytes: Whole, records: Whole, crc32: Whole })),
});
export type CacheContent = z.infer<typeof CacheContent>;

import { type HydrationSources, hydrateExposure } from './hydrate.ts';
import type { Inbox } from './inbox.ts';

/** Reads open positions and orders; reads again later if they were unknown. */
export interface ExposureReader {
  /** Resolves to false if positions and orders are unknown. Call it while the inbox holds messages back. */
  read(): Promise<boolean>;
  /** True once all positions and orders were read. */
  isKnown(): boolean;
  readWhatIsOwed(): Promise<void>;
}

export function createExposureReader(sources: HydrationSources, inbox: Inbox): ExposureReader {
  let known = false;

  async function read(): Promise<boolean> {
    known = await hydrateExposure(sources);
    return known;
  }

  return {
    read,
    isKnown: () => known,
    async readWhatIsOwed() {
      if (!known) await inbox.during(async () => void (await read()));
    },
  };
}

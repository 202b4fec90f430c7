import { type HydrationSources, hydrateExposure } from './hydrate.ts';
import type { Inbox } from './inbox.ts';

/** Reads what is open; and again, between the news, where that was not known. */
export interface ExposureReader {
  /** False where nobody can say what is open. Call it with messages held back. */
  read(): Promise<boolean>;
  /** True once everything that is open was read. */
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

import type { Clock } from '@helios/shared/runtime/clock.ts';
import { type HydrationSources, hydrateExposure } from './hydrate.ts';
import type { Inbox } from './inbox.ts';
import { createSilentEntries } from './silent-entries.ts';

/** Reads what is open; and again, between the news, where that was not known or news of an entry is overdue. */
export interface ExposureReader {
  /** Call it with messages held back. */
  read(): Promise<void>;
  /** True once everything that is open was read. */
  isKnown(): boolean;
  readWhatIsOwed(): Promise<void>;
}

export function createExposureReader(sources: HydrationSources, wall: Clock, inbox: Inbox): ExposureReader {
  const { engine, simulated } = sources;
  const silentEntries = createSilentEntries(wall);
  let known = false;

  async function read(): Promise<void> {
    known = await hydrateExposure(sources);
  }

  return {
    read,
    isKnown: () => known,
    async readWhatIsOwed() {
      // In live an entry may be denied without any news: there the engine forgets it by itself.
      const overdue = simulated && silentEntries.overdue(engine.pendingEntries());
      if (overdue || !known) await inbox.during(read);
    },
  };
}

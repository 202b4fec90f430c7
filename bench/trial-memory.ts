/** Name of the channel on which threads of a search tell their memory. */
export const MEMORY_CHANNEL = 'bench-trial-memory';

/** Memory of one thread that still is in use after a garbage collection, bytes. */
export interface ThreadMemory {
  readonly thread: number;
  readonly heap: number;
}

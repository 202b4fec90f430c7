import { BroadcastChannel, threadId } from 'node:worker_threads';
import '@helios/research/threads/trial-thread.ts';
import { heapAfterCollection } from './heap-after-collection.ts';
import { MEMORY_CHANNEL, type ThreadMemory } from './trial-memory.ts';

/** A thread of a search that tells its memory between two trials, whenever somebody asks. */
const channel = new BroadcastChannel(MEMORY_CHANNEL);
channel.onmessage = ({ data }: { readonly data: unknown }) => {
  if (data === 'MEASURE') channel.postMessage({ thread: threadId, heap: heapAfterCollection() } satisfies ThreadMemory);
};

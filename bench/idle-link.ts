import { createRequire } from 'node:module';
import { join } from 'node:path';

/**
 * The middle of the idle chain. It takes a message from one channel and does the Redis work of signal-engine (a state
 * field, a stream append and an echo in one pipeline), and nothing else. `compare-chains.ts` starts it as a process:
 * PORT BYTES.
 */
const [port, bytes = 0, streamedBytes = 0] = process.argv.slice(2).map(Number);
const { Redis } = createRequire(join(import.meta.dirname, '../packages/shared/package.json'))('ioredis');
const commands = new Redis({ port, enableOfflineQueue: true });
const subscriber = new Redis({ port });
const filler = 'x'.repeat(bytes);
const streamed = 'x'.repeat(streamedBytes);
/** A text with the length of a `LastEntry`. */
const state = 'x'.repeat(120);

subscriber.on('message', (_channel: string, text: string) => {
  const answer = text.slice(0, 12) + filler;
  commands
    .pipeline()
    .xadd('idle_signals', 'MAXLEN', '~', 10_000, '*', 'message', text.slice(0, 12) + streamed)
    .hset('idle_entries', 'symbol', state)
    .hset('idle_unanswered', 'signal', answer)
    .publish('idle_echo', answer)
    .exec();
});
await subscriber.subscribe('idle_books');
process.send?.('ready');

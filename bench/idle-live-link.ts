import { Agent, request } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/**
 * One hop of the idle chain behind live trading: PORT BYTES HOP URL. It does the Redis or HTTP work of a service, and nothing else.
 * `engine` turns a message of a channel into one of a stream, `risk` one stream into the next, `execution` sends an HTTP request.
 */
const [portText = '', bytes = '0', hop = '', url = ''] = process.argv.slice(2);
const { Redis } = createRequire(join(import.meta.dirname, '../packages/shared/package.json'))('ioredis');
const port = Number(portText);
const commands = new Redis({ port });
const filler = 'x'.repeat(Number(bytes));
const agent = new Agent({ keepAlive: true });

const HOPS: Readonly<Record<string, () => Promise<void>>> = {
  async engine() {
    const subscriber = new Redis({ port });
    subscriber.on('message', () => {
      commands
        .pipeline()
        .xadd('idle_live_signals', 'MAXLEN', '~', 1_000, '*', 'message', filler)
        .hset('idle_live_unanswered', 'signal', filler)
        .publish('idle_live_echo', filler)
        .exec();
    });
    await subscriber.subscribe('idle_live_books');
  },
  risk: () =>
    follow('idle_live_signals', () => {
      commands
        .pipeline()
        .hset('idle_live_pending', 'signal', filler)
        .xadd('idle_live_intents', 'MAXLEN', '~', 1_000, '*', 'message', filler)
        .exec();
    }),
  execution: () =>
    follow('idle_live_intents', () => {
      const asked = request(`${url}/idle?${'x'.repeat(200)}`, { method: 'POST', agent }, (answer) => answer.resume());
      asked.end();
    }),
};

/** Hands on each message of a stream, and acknowledges it. */
async function follow(stream: string, take: () => void): Promise<void> {
  const reader = new Redis({ port });
  await commands.xgroup('CREATE', stream, hop, '$', 'MKSTREAM');
  const read = async (): Promise<void> => {
    for (;;) {
      const answer = await reader.xreadgroup('GROUP', hop, hop, 'COUNT', 10, 'BLOCK', 2_000, 'STREAMS', stream, '>');
      for (const [, messages] of answer ?? [])
        for (const [id] of messages) {
          take();
          void commands.xack(stream, hop, id);
        }
    }
  };
  void read();
}

await HOPS[hop]?.();
process.send?.('ready');

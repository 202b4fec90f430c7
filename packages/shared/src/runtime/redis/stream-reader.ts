import type { Stream } from '../../contracts/entry.ts';
import { type Backoff, backoffMs } from '../backoff.ts';
import type { Delivery } from '../bus.ts';
import { deliveryAgeOf } from '../delivery-age.ts';
import { BusUnavailable, isWrongType, RetryLater } from '../errors.ts';
import type { Backlog } from '../managed-bus.ts';
import type { MessageReader } from '../message-reader.ts';
import type { Logger } from '../service.ts';
import type { Connection } from './connection.ts';
import type { KeyMender } from './key-mender.ts';
import { waitingFor } from './stream-info.ts';
import { takeLoss } from './stream-loss.ts';

const BLOCK_MS = 2_000;
/** Longer than BLOCK_MS by what a busy machine may take: only a dead connection is silent for this long. */
const SILENCE_MS = 6_000;
const BATCH = 100;
const BACKOFF: Backoff = { baseMs: 50, maxMs: 2_000 };
/** A message that has waited for less is no backlog. */
const BEHIND_MS = 1_000;

/** Reads streams as one consumer group. */
export interface StreamReader {
  /** Resolves once the group exists and the stream is being read. */
  add(name: string, entry: Stream, handler: (message: never, delivery: Delivery) => Promise<void>): Promise<void>;
  names(): { name: string; entry: Stream }[];
  /** How far it is behind; undefined while that is less than a second. */
  backlog(): Promise<Backlog | undefined>;
  /** Resolves once the handler that is running has ended. */
  stop(): Promise<void>;
}

interface Options {
  /** Group and consumer are both called so. */
  readonly group: string;
  /** Blocks in reads; takes nothing else meanwhile. */
  readonly connection: Connection;
  /** For groups, and to end a blocked read. */
  readonly commands: Connection;
  readonly mender: KeyMender;
  readonly reader: MessageReader;
  readonly log: Logger;
  readonly onFault: (error: unknown) => void;
}

interface Source {
  readonly name: string;
  readonly entry: Stream;
  readonly handler: (message: never, delivery: Delivery) => Promise<void>;
  /** Delivered but unacknowledged messages are still to be read again. */
  behind: boolean;
  /** So much may have been waiting that some of it was cut off: to be looked at before the next read. */
  unsure: boolean;
}

type StreamReply = [name: string, messages: [id: string, fields: string[] | null][]][] | null;

/** One loop over all streams, what is pending first; it pauses and goes on when Redis is away. */
export function createStreamReader({
  group,
  connection,
  commands,
  mender,
  reader,
  log,
  onFault,
}: Options): StreamReader {
  const { redis } = connection;
  const sources = new Map<string, Source>();
  let loop: Promise<void> | undefined;
  let stopped = false;
  let delivering = false;
  let clientId: number | undefined;
  /** Handed over and not acknowledged; it stays while it is to be handed over again. */
  let atHand: { readonly name: string; readonly id: string } | undefined;
  let wake: (() => void) | undefined;

  // From the stream's beginning: whoever comes late finds what was written before, and looks at its age.
  async function createGroup(name: string): Promise<void> {
    const create = () =>
      commands.withDeadline(commands.redis.xgroup('CREATE', name, group, '0', 'MKSTREAM'), SILENCE_MS);
    try {
      await mender.withSoundKey(name, 'stream', create);
    } catch (error) {
      if (!String(error).includes('BUSYGROUP')) throw error;
    }
  }

  /** Hands over one message and acknowledges it; a malformed one is only acknowledged. */
  async function deliver(source: Source, id: string, fields: string[] | null): Promise<void> {
    const text = fields?.[0] === 'message' ? fields[1] : undefined;
    const message = text === undefined ? undefined : reader.receive(source.entry, source.name, text);
    if (fields === null) reader.reject(source.name, `message ${id} was cut off before it was read`);
    else if (text === undefined) reader.reject(source.name, `message ${id} has no field "message"`);
    if (message !== undefined) {
      await source.handler(message as never, { id, ageMs: deliveryAgeOf(id, Date.now()) });
    }
    await connection.withDeadline(redis.xack(source.name, group, id), SILENCE_MS);
  }

  async function read(names: readonly string[], from: string, blockMs: number | undefined): Promise<StreamReply> {
    const block = blockMs === undefined ? [] : ['BLOCK', blockMs];
    const ids = names.map(() => from);
    const command = ['GROUP', group, group, 'COUNT', BATCH, ...block, 'STREAMS', ...names, ...ids];
    return (await connection.withDeadline(redis.call('XREADGROUP', ...command), SILENCE_MS)) as StreamReply;
  }

  async function deliverAll(reply: StreamReply): Promise<number> {
    delivering = true;
    try {
      return await deliverEach(reply);
    } finally {
      delivering = false;
    }
  }

  async function deliverEach(reply: StreamReply): Promise<number> {
    let delivered = 0;
    for (const [name, messages] of reply ?? []) {
      const source = sources.get(name);
      if (source && messages.length === BATCH) source.unsure = true;
      for (const [id, fields] of messages) {
        if (!source || stopped) return delivered;
        atHand = { name, id };
        await deliver(source, id, fields);
        delivered += 1;
      }
    }
    atHand = undefined;
    return delivered;
  }

  async function lookForLoss(source: Source): Promise<void> {
    const loss = await connection.withDeadline(takeLoss(redis, source.name, group), SILENCE_MS);
    source.unsure = false;
    if (loss === undefined) return;
    log.error(
      { stream: source.name, lost: loss.count, limit: source.entry.maxLength },
      'a stream grew beyond its limit while nobody read it, its oldest messages are lost; look why this service was away for so long',
    );
  }

  async function round(): Promise<void> {
    clientId ??= await connection.withDeadline(redis.client('ID'), SILENCE_MS);
    for (const source of sources.values()) if (source.unsure) await lookForLoss(source);
    const behind = [...sources.values()].find((source) => source.behind);
    if (!behind) {
      await deliverAll(await read([...sources.keys()], '>', BLOCK_MS));
      return;
    }
    const delivered = await deliverAll(await read([behind.name], '0', undefined));
    if (delivered === 0) behind.behind = false;
  }

  /** After trouble every stream starts again from what is unacknowledged. */
  async function recover(error: unknown, pauseMs: number): Promise<void> {
    for (const source of sources.values()) {
      source.behind = true;
      source.unsure = true;
    }
    if (isWrongType(error) || /NOGROUP|UNBLOCKED|no such key/.test(String(error))) {
      for (const name of sources.keys()) await createGroup(name);
      log.warn({ group, streams: [...sources.keys()] }, 'redis had lost its streams, reading them from the beginning');
      return;
    }
    if (!(error instanceof BusUnavailable || error instanceof RetryLater)) throw error;
    await new Promise<void>((resolve) => {
      wake = resolve;
      setTimeout(resolve, pauseMs);
    });
  }

  connection.onLost(() => {
    clientId = undefined;
  });

  async function run(): Promise<void> {
    let failures = 0;
    while (!stopped) {
      try {
        await round();
        failures = 0;
      } catch (error) {
        if (stopped) return;
        try {
          await recover(error, backoffMs(BACKOFF, failures));
        } catch (fault) {
          if (!(fault instanceof BusUnavailable)) {
            onFault(fault);
            return;
          }
        }
        failures += 1;
      }
    }
  }

  return {
    async add(name, entry, handler) {
      if (sources.has(name)) throw new Error(`${name} is consumed twice by ${group}`);
      await connection.ready(SILENCE_MS);
      await createGroup(name);
      sources.set(name, { name, entry, handler, behind: true, unsure: true });
      loop ??= run();
      if (clientId !== undefined && !delivering) await commands.redis.client('UNBLOCK', clientId);
    },
    names: () => [...sources.values()].map(({ name, entry }) => ({ name, entry })),
    async backlog() {
      if (atHand === undefined) return undefined;
      const ageMs = deliveryAgeOf(atHand.id, Date.now());
      if (ageMs === undefined || ageMs < BEHIND_MS) return undefined;
      const counted = commands.withDeadline(waitingFor(commands.redis, atHand.name, group), SILENCE_MS);
      return { ageMs, waiting: await counted.catch(() => undefined) };
    },
    async stop() {
      stopped = true;
      wake?.();
      // A read that blocks would hold us up for seconds; a handler at work may still acknowledge.
      if (!delivering) connection.abort();
      await loop;
      connection.close();
    },
  };
}

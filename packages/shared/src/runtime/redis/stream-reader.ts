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
/** BLOCK_MS plus the delay of a busy machine: only a dead connection is silent for this long. */
const SILENCE_MS = 6_000;
const BATCH = 100;
const BACKOFF: Backoff = { baseMs: 50, maxMs: 2_000 };
/** Minimum age of a message that counts as backlog. */
const BEHIND_MS = 1_000;

/** Reads streams as one consumer group. */
export interface StreamReader {
  /** Resolves once the group exists and the reader reads the stream. */
  add(name: string, entry: Stream, handler: (message: never, delivery: Delivery) => Promise<void>): Promise<void>;
  names(): { name: string; entry: Stream }[];
  /** How far the reader is behind; undefined below one second. */
  backlog(): Promise<Backlog | undefined>;
  /** Resolves once the running handler has ended. */
  stop(): Promise<void>;
}

interface Options {
  /** Name of both the group and the consumer. */
  readonly group: string;
  /** Used for blocking reads only. */
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
  /** True while the reader still has to read delivered but unacknowledged messages again. */
  behind: boolean;
  /** True if so many messages may have waited that some were trimmed: check before the next read. */
  unsure: boolean;
}

/** The reply to the last command. @throws the first error of all replies */
function lastReply(replies: [error: Error | null, reply: unknown][] | null): unknown {
  for (const [error] of replies ?? []) if (error) throw error;
  return replies?.at(-1)?.[1];
}

type StreamReply = [name: string, messages: [id: string, fields: string[] | null][]][] | null;

/** One loop over all streams, pending messages first. Pauses while Redis is away. */
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
  /** The delivered but unacknowledged message; stays set until its redelivery succeeds. */
  let current: { readonly name: string; readonly id: string } | undefined;
  let wake: (() => void) | undefined;
  /** Handled messages that are not acknowledged yet. */
  const owed: { readonly name: string; readonly id: string }[] = [];

  // A new group starts at the beginning of the stream: a late reader gets earlier messages and checks their age.
  async function createGroup(name: string): Promise<void> {
    const create = () =>
      commands.withDeadline(commands.redis.xgroup('CREATE', name, group, '0', 'MKSTREAM'), SILENCE_MS);
    try {
      await mender.withSoundKey(name, 'stream', create);
    } catch (error) {
      if (!String(error).includes('BUSYGROUP')) throw error;
    }
  }

  /** Delivers one message, and owes its acknowledgement; a malformed one is only acknowledged. */
  async function deliver(source: Source, id: string, fields: string[] | null): Promise<void> {
    const text = fields?.[0] === 'message' ? fields[1] : undefined;
    const message = text === undefined ? undefined : reader.receive(source.entry, source.name, text);
    if (fields === null) reader.reject(source.name, `message ${id} was cut off before it was read`);
    else if (text === undefined) reader.reject(source.name, `message ${id} has no field "message"`);
    if (message !== undefined) {
      await source.handler(message as never, { id, ageMs: deliveryAgeOf(id, Date.now()) });
    }
    owed.push({ name: source.name, id });
  }

  /**
   * Sends the owed acknowledgements, and `command` behind them in the same packet: a read that waits for the answer to an
   * acknowledgement comes a round trip late.
   */
  async function acknowledge(...command: (string | number)[]): Promise<unknown> {
    const acks = owed.splice(0).map(({ name, id }) => ['xack', name, group, id]);
    const commands = command.length > 0 ? [...acks, command] : acks;
    if (commands.length === 0) return undefined;
    const pipeline = redis.pipeline(commands);
    return connection.withDeadline(pipeline.exec().then(lastReply), SILENCE_MS);
  }

  async function read(names: readonly string[], from: string, blockMs: number | undefined): Promise<StreamReply> {
    const block = blockMs === undefined ? [] : ['BLOCK', blockMs];
    const ids = names.map(() => from);
    const command = ['GROUP', group, group, 'COUNT', BATCH, ...block, 'STREAMS', ...names, ...ids];
    return (await acknowledge('xreadgroup', ...command)) as StreamReply;
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
        await acknowledge();
        current = { name, id };
        await deliver(source, id, fields);
        delivered += 1;
      }
    }
    current = undefined;
    return delivered;
  }

  async function lookForLoss(source: Source): Promise<void> {
    await acknowledge();
    const loss = await connection.withDeadline(takeLoss(redis, source.name, group), SILENCE_MS);
    source.unsure = false;
    if (loss === undefined) return;
    log.error(
      { stream: source.name, lost: loss.count, limit: source.entry.maxLength },
      'stream grew beyond its limit while this service was away, its oldest messages are lost: find out why the service was away',
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

  /** After an error every stream starts again at its unacknowledged messages. */
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
      reader.compile(entry);
      await connection.ready(SILENCE_MS);
      await createGroup(name);
      sources.set(name, { name, entry, handler, behind: true, unsure: true });
      loop ??= run();
      if (clientId !== undefined && !delivering) await commands.redis.client('UNBLOCK', clientId);
    },
    names: () => [...sources.values()].map(({ name, entry }) => ({ name, entry })),
    async backlog() {
      if (current === undefined) return undefined;
      const ageMs = deliveryAgeOf(current.id, Date.now());
      if (ageMs === undefined || ageMs < BEHIND_MS) return undefined;
      const counted = commands.withDeadline(waitingFor(commands.redis, current.name, group), SILENCE_MS);
      return { ageMs, waiting: await counted.catch(() => undefined) };
    },
    async stop() {
      stopped = true;
      wake?.();
      // Abort a blocked read, which would last seconds. A running handler may still acknowledge.
      if (!delivering) connection.abort();
      await loop;
      // What this does not reach is delivered again after the next start.
      await acknowledge().catch((error: unknown) => log.debug({ error }, 'last message not acknowledged'));
      connection.close();
    },
  };
}

import { isIP } from 'node:net';
import { Redis, type RedisOptions } from 'ioredis';
import { type Backoff, backoffMs } from '../backoff.ts';
import { type BusFault, BusUnavailable, busErrorOf } from '../errors.ts';
import type { Logger } from '../service.ts';

/** How the server of an encrypted connection is verified. */
export interface RedisTls {
  /** Certificate authority, PEM; absent: the public ones. */
  readonly ca?: string | undefined;
}

/** Where Redis is and who asks. */
export interface RedisAddress {
  readonly host: string;
  readonly port: number;
  readonly db: number;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** Set for an encrypted connection. */
  readonly tls?: RedisTls | undefined;
  /** Shown by `CLIENT LIST`. */
  readonly clientName?: string | undefined;
}

/** A server that took the connection but says nothing for this long is given up and tried anew. */
const HANDSHAKE_MS = 5_000;
const RETRY: Backoff = { baseMs: 50, maxMs: 2_000 };

/** A command unanswered for this long has failed, and the connection is made anew. */
export const COMMAND_MS = 1_000;

/** One connection that comes back by itself, and never queues or repeats a command. */
export interface Connection {
  readonly redis: Redis;
  /** What went wrong last, while it is away. */
  trouble(): BusUnavailable | BusFault;
  /** Resolves once commands are taken; rejects after `timeoutMs`, or at once where the password is refused. */
  ready(timeoutMs: number): Promise<void>;
  /** Settles with `promise`, or rejects with REDIS_TIMEOUT after `timeoutMs` and connects anew. */
  withDeadline<T>(promise: Promise<T>, timeoutMs: number): Promise<T>;
  /** `handler` runs each time commands are taken again. */
  onReady(handler: () => void): void;
  /** `handler` runs each time a connection that stood is lost. */
  onLost(handler: () => void): void;
  isReady(): boolean;
  /**
   * To be called before each command is sent. The first of a turn of the event loop goes out at once; the others go out
   * together at its end, as one packet: one system call, one wake-up of Redis.
   */
  gather(): void;
  /** Sends what is under way, then ends. */
  close(): void;
  /** Ends at once, whatever is under way. */
  abort(): void;
}

/** Starts connecting at once, with back-off. Logs nothing per try. */
export function openConnection(address: RedisAddress, role: string, log: Logger): Connection {
  const redis = new Redis(optionsFor(address, role));
  let trouble: BusUnavailable | BusFault = busErrorOf(new Error('not connected yet'), address);
  let handshake: NodeJS.Timeout | undefined;
  const lostHandlers: (() => void)[] = [];
  let stood = false;
  let everStood = false;
  let refused = false;
  let sentInTurn = 0;

  redis.on('error', (error: Error) => {
    trouble = busErrorOf(error, address);
    log.debug({ role, problem: error.message }, 'redis connection error');
    if (!everStood || refused || trouble.code !== 'REDIS_AUTH') return;
    refused = true;
    log.error({ role, problem: trouble.message }, 'redis refuses us after its return');
  });
  redis.on('connect', () => {
    // A refused password stays the reason until it is accepted.
    if (trouble.code !== 'REDIS_AUTH') trouble = notTakingCommands(address);
    handshake = setTimeout(connectAnew, HANDSHAKE_MS);
  });
  redis.on('ready', () => {
    clearTimeout(handshake);
    stood = true;
    everStood = true;
    refused = false;
  });
  redis.on('close', () => {
    clearTimeout(handshake);
    if (!stood) return;
    stood = false;
    trouble = busErrorOf(new Error('connection lost'), address);
    for (const handler of lostHandlers) handler();
  });

  /** Destroyed, not ended: a server that says nothing would not answer the end of the connection either. */
  function connectAnew(): void {
    redis.disconnect(true);
    redis.stream?.destroy();
  }

  function giveUp(timeoutMs: number): BusUnavailable {
    connectAnew();
    return busErrorOf(new Error(`timed out after ${timeoutMs} ms`), address) as BusUnavailable;
  }

  return {
    redis,
    trouble: () => trouble,
    isReady: () => redis.status === 'ready',
    gather() {
      sentInTurn += 1;
      if (sentInTurn > 2) return;
      const { stream } = redis;
      if (sentInTurn === 2) stream.cork();
      else
        setImmediate(() => {
          if (sentInTurn > 1) stream.uncork();
          sentInTurn = 0;
        });
    },
    onReady: (handler) => void redis.on('ready', handler),
    onLost: (handler) => void lostHandlers.push(handler),
    close: () => {
      clearTimeout(handshake);
      redis.disconnect();
    },
    abort: () => {
      clearTimeout(handshake);
      redis.disconnect();
      redis.stream?.destroy();
    },
    async ready(timeoutMs) {
      if (redis.status === 'ready') return;
      await new Promise<void>((resolve, reject) => {
        const settle = (outcome: () => void) => {
          clearTimeout(timer);
          redis.off('ready', onReady);
          redis.off('error', onError);
          outcome();
        };
        const onReady = () => settle(resolve);
        const onError = () => {
          if (trouble.code === 'REDIS_AUTH') settle(() => reject(trouble));
        };
        const timer = setTimeout(() => settle(() => reject(trouble)), timeoutMs);
        redis.on('ready', onReady);
        redis.on('error', onError);
      });
    },
    withDeadline(promise, timeoutMs) {
      return new Promise((resolve, reject) => {
        // A loop that was blocked runs due timers before it reads the answers that lie ready: one more round decides.
        const timer = setTimeout(() => setImmediate(() => reject(giveUpUnlessSettled())), timeoutMs);
        let settled = false;
        const giveUpUnlessSettled = () => (settled ? trouble : giveUp(timeoutMs));
        promise.then(
          (value) => {
            settled = true;
            clearTimeout(timer);
            resolve(value);
          },
          (error: unknown) => {
            settled = true;
            clearTimeout(timer);
            reject(stood || isReplyError(error) ? busErrorOf(error, address) : trouble);
          },
        );
      });
    },
  };
}

function notTakingCommands({ host, port }: RedisAddress): BusUnavailable {
  return new BusUnavailable(
    'REDIS_LOADING',
    `Redis at ${host}:${port} took the connection but takes no commands yet: it is loading its data from disk, or it hangs. ` +
      'The connection is tried again by itself; if this lasts, look at the log of Redis.',
  );
}

/** A name is sent and checked; an IP address can only be checked. */
function tlsOptions({ host, tls }: RedisAddress): NonNullable<RedisOptions['tls']> {
  return { ...(isIP(host) === 0 && { servername: host }), ...(tls?.ca !== undefined && { ca: tls.ca }) };
}

function isReplyError(error: unknown): boolean {
  return error instanceof Error && error.name === 'ReplyError';
}

function optionsFor(address: RedisAddress, role: string): RedisOptions {
  return {
    host: address.host,
    port: address.port,
    db: address.db,
    ...(address.username ? { username: address.username } : {}),
    ...(address.password ? { password: address.password } : {}),
    ...(address.tls ? { tls: tlsOptions(address) } : {}),
    connectionName: `${address.clientName ?? 'helios'}:${role}`,
    protocol: 2,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    // Both would send again by themselves what may have been carried out already.
    autoResendUnfulfilledCommands: false,
    autoResubscribe: false,
    connectTimeout: HANDSHAKE_MS,
    retryStrategy: (attempt) => backoffMs(RETRY, attempt - 1),
    maxLoadingRetryTime: 1_000,
  };
}

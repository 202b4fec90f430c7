import { isIP } from 'node:net';
import { Redis, type RedisOptions } from 'ioredis';
import { type Backoff, backoffMs } from '../backoff.ts';
import { type BusFault, BusUnavailable, busErrorOf } from '../errors.ts';
import type { Logger } from '../service.ts';

/** How the server of an encrypted connection is verified. */
export interface RedisTls {
  /** Certificate authority, PEM; absent: the public authorities. */
  readonly ca?: string | undefined;
}

/** Address of Redis, with credentials and client name. */
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

/** A server that accepts the connection but sends nothing for this long is disconnected and tried again. */
const HANDSHAKE_MS = 5_000;
const RETRY: Backoff = { baseMs: 50, maxMs: 2_000 };

/** A command without an answer for this long has failed, and the client reconnects. */
export const COMMAND_MS = 1_000;

/** One connection that reconnects by itself, and never queues or repeats a command. */
export interface Connection {
  readonly redis: Redis;
  /** The last error, while the connection is away. */
  trouble(): BusUnavailable | BusFault;
  /** Resolves once Redis takes commands; rejects after `timeoutMs`, or at once if Redis refuses the password. */
  ready(timeoutMs: number): Promise<void>;
  /** Settles with `promise`, or rejects with REDIS_TIMEOUT after `timeoutMs` and reconnects. */
  withDeadline<T>(promise: Promise<T>, timeoutMs: number): Promise<T>;
  /** `handler` runs each time Redis takes commands again. */
  onReady(handler: () => void): void;
  /** `handler` runs each time a working connection is lost. */
  onLost(handler: () => void): void;
  isReady(): boolean;
  /**
   * Call this before each command. The first command in a turn of the event loop is sent at once; the others are sent together
   * at its end, as one packet: one system call, one wake-up of Redis.
   */
  gather(): void;
  /** Sends pending commands, then ends. */
  close(): void;
  /** Ends at once and drops pending commands. */
  abort(): void;
}

/** Starts to connect at once, with back-off. Does not log single tries. */
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
    log.error({ role, problem: trouble.message }, 'redis refuses the password after a reconnect');
  });
  redis.on('connect', () => {
    // A refused password stays the reason until it is accepted.
    if (trouble.code !== 'REDIS_AUTH') trouble = notTakingCommands(address);
    handshake = setTimeout(reconnect, HANDSHAKE_MS);
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

  /** Destroys the socket, because a silent server would not answer an orderly end either. */
  function reconnect(): void {
    redis.disconnect(true);
    redis.stream?.destroy();
  }

  function giveUp(timeoutMs: number): BusUnavailable {
    reconnect();
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
        // A blocked event loop runs due timers before it reads waiting answers, so check again after one more round.
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
    `Redis at ${host}:${port} accepted the connection but takes no commands yet: it is loading its data from disk, or it hangs. ` +
      'Helios reconnects by itself. If this lasts, read the log of Redis.',
  );
}

/** TLS sends and checks a host name; it can only check an IP address. */
function tlsOptions({ host, tls }: RedisAddress): NonNullable<RedisOptions['tls']> {
  return { ...(isIP(host) === 0 && { servername: host }), ...(tls?.ca !== undefined && { ca: tls.ca }) };
}

function isReplyError(error: unknown): boolean {
  return error instanceof Error && error.name === 'ReplyError';
}

/** Options of a connection that never queues or repeats a command. */
export function optionsFor(address: RedisAddress, role: string): RedisOptions {
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
    // Both would repeat commands that Redis may already have run.
    autoResendUnfulfilledCommands: false,
    autoResubscribe: false,
    connectTimeout: HANDSHAKE_MS,
    retryStrategy: (attempt) => backoffMs(RETRY, attempt - 1),
    maxLoadingRetryTime: 1_000,
  };
}

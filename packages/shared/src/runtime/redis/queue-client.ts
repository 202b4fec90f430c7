import { Redis } from 'ioredis';
import { type Backoff, backoffMs } from '../backoff.ts';
import { optionsFor, type RedisAddress } from './connection.ts';

const RETRY: Backoff = { baseMs: 50, maxMs: 1_000 };
/** A connection without an answer for this long is tried again. A job queue lets a command block for at most ten seconds. */
const SILENT_MS = 30_000;

/** A connection for job queues. */
export type QueueClient = Redis;

/**
 * Opens a connection that waits through an outage and then sends its commands again. Only commands that may run twice belong
 * here: those of BullMQ name the job and its lock. `onError` gets each failed try to connect.
 */
export function openQueueClient(address: RedisAddress, role: string, onError: (error: Error) => void): QueueClient {
  const redis = new Redis({
    ...optionsFor(address, role),
    enableOfflineQueue: true,
    maxRetriesPerRequest: null,
    autoResendUnfulfilledCommands: true,
    socketTimeout: SILENT_MS,
    retryStrategy: (attempt) => backoffMs(RETRY, attempt - 1),
  });
  redis.on('error', onError);
  return redis;
}

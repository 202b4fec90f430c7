import { isWrongType } from '../errors.ts';
import type { Logger } from '../service.ts';
import { COMMAND_MS, type Connection } from './connection.ts';
import { putAside, putAsideLine, type RedisType } from './put-aside.ts';

/** Puts keys aside that hold another type than ours. */
export interface KeyMender {
  /** Runs `command`. If Redis refuses the key for its type, puts the key aside and runs it again. */
  withSoundKey<T>(key: string, type: RedisType, command: () => Promise<T>): Promise<T>;
  /** Puts a key aside if it is of another type. */
  putAside(key: string, type: RedisType): Promise<void>;
}

export function createKeyMender(connection: Connection, process: string, log: Logger): KeyMender {
  async function putKeyAside(key: string, type: RedisType): Promise<void> {
    const note = await connection.withDeadline(putAside(connection.redis, key, type, process), COMMAND_MS);
    if (note) log.warn({ key, put_aside_as: note.put_aside_as }, putAsideLine(note));
  }

  return {
    putAside: putKeyAside,
    async withSoundKey(key, type, command) {
      try {
        return await command();
      } catch (error) {
        if (!isWrongType(error)) throw error;
        await putKeyAside(key, type);
        return await command();
      }
    },
  };
}

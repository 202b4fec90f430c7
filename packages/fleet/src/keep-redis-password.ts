import { typedCommand } from '@helios/shared/runtime/cli/command-line.mjs';
import { readRedisPassword, redisPasswordFile, replaceRedisPassword } from './redis-password.ts';

const LOOK_EVERY_MS = 2_000;

/**
 * Keeps the password file of the private Redis while this Redis runs: commands read the password there. Writes the file again if
 * it was deleted or changed.
 * @param say shows a line to the operator
 * @returns a function that stops the check
 */
export function keepRedisPassword(
  dataDir: string,
  password: string,
  say: (line: string) => void,
  everyMs = LOOK_EVERY_MS,
): () => void {
  const file = redisPasswordFile(dataDir);
  let isRefused = false;
  const timer = setInterval(() => {
    try {
      if (readRedisPassword(dataDir) !== password) {
        replaceRedisPassword(dataDir, password);
        say(`Redis: ${file} was missing or changed. Helios wrote the password of the running Redis to it again.`);
      }
      isRefused = false;
    } catch (error) {
      if (!isRefused) say(refusal(file, error));
      isRefused = true;
    }
  }, everyMs);
  return () => clearInterval(timer);
}

function refusal(file: string, error: unknown): string {
  const why = error instanceof Error ? error.message : String(error);
  const [stop, start] = [typedCommand('stop'), typedCommand('start')];
  return `warning: ${file} is missing or changed, and Helios cannot write it (${why}). Until the file is back, Redis refuses status, redis and other commands. Make its folder writable for this user, or type ${stop}, then ${start}.`;
}

import { typedCommand } from '@helios/shared/runtime/cli/command-line.mjs';
import { readRedisPassword, redisPasswordFile, replaceRedisPassword } from './redis-password.ts';

const LOOK_EVERY_MS = 2_000;

/**
 * Keeps the file of the private Redis' password as long as this Redis runs: commands read the password there. A file that was
 * deleted or changed is written again.
 * @param say shows a line to the operator
 * @returns how to end that
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
        say(`Redis: ${file} was missing or changed; the password of the running Redis is in it again.`);
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
  return `warning: ${file} is missing or changed, and cannot be written (${why}). Until it is there, status, redis and other commands are refused. Make its folder writable for this user, or type ${stop}, then ${start}.`;
}

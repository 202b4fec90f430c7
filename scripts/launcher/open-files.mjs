import { readFileSync } from 'node:fs';

/** With fewer open files Node cannot load the launcher's files, npm or pnpm. */
const MIN_FOR_A_COMMAND = 64;
/** Redis alone needs 32, each service about 40, the dashboard one per open page. */
const MIN_FOR_A_FLEET = 256;

/**
 * Why a command cannot run with this limit of open files (`ulimit -n`). Undefined if it can, or if the limit is unknown. Node has
 * already raised its own limit to the hard limit.
 * @param {string | undefined} command
 * @param {string} limits text of /proc/self/limits
 * @returns {string | undefined}
 */
export function openFilesRefusal(command, limits = ownLimits()) {
  const limit = Number(/^Max open files\s+(\d+)/m.exec(limits)?.[1] ?? Number.POSITIVE_INFINITY);
  const needed = command === 'start' ? MIN_FOR_A_FLEET : MIN_FOR_A_COMMAND;
  if (limit >= needed) return undefined;
  return [
    `This shell lets a program open ${limit} files at once (ulimit -n). Helios needs ${needed}.`,
    'Type: ulimit -n 1024, then run the command again. If the shell refuses that, open a new one, or raise',
    'the limit in /etc/security/limits.conf (nofile), or LimitNOFILE= of the systemd unit.',
  ].join('\n');
}

/** Empty on a system without /proc. */
function ownLimits() {
  try {
    return readFileSync('/proc/self/limits', 'utf8');
  } catch {
    return '';
  }
}

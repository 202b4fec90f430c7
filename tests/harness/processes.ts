import { readdirSync, readFileSync } from 'node:fs';

/** True while a process runs. A zombie does not count. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  return stateOf(pid) !== 'Z';
}

/** Live processes whose environment contains `text`; empty if the system does not show environments. */
export function processesMentioning(text: string): readonly number[] {
  const pids = readdirSync('/proc', { withFileTypes: true }).map(({ name }) => Number(name));
  return pids.filter((pid) => pid > 0 && read(`/proc/${pid}/environ`).includes(text) && isAlive(pid));
}

function stateOf(pid: number): string | undefined {
  const stat = read(`/proc/${pid}/stat`);
  // The name in brackets may contain any text; the state follows the last bracket.
  return stat === '' ? undefined : stat.slice(stat.lastIndexOf(')') + 2).split(' ', 1)[0];
}

/** Empty if it cannot be read: the process is gone or not ours, or there is no /proc. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

import { randomBytes } from 'node:crypto';

/** Names a start of the fleet. Sorts by time, so that the oldest archive is the first by name. */
export function newSession(nowMs: number): string {
  const stamp = new Date(nowMs).toISOString().replace(/[-:]/g, '').replace('.', '').replace('T', '-').replace('Z', '');
  return `${stamp}-${randomBytes(2).toString('hex')}`;
}

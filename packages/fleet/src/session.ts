import { randomBytes } from 'node:crypto';

/** Names a start of the fleet. Names sort by time, so the oldest archive comes first. */
export function newSession(nowMs: number): string {
  const stamp = new Date(nowMs).toISOString().replace(/[-:]/g, '').replace('.', '').replace('T', '-').replace('Z', '');
  return `${stamp}-${randomBytes(2).toString('hex')}`;
}

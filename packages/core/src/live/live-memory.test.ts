import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';

/**
 * What live trading may keep of a round trip: ids of the last thousands of stops and signals, so that nothing is done twice. One order
 * that is never forgotten has several kilobytes.
 */
const MAX_BYTES_PER_TRIP = 1_000;

it('F42 a round trip leaves at most a kilobyte behind', () => {
  const script = join(import.meta.dirname, '../../test/measure-live-memory.ts');
  const { perTrip, position } = JSON.parse(
    execFileSync(process.execPath, ['--expose-gc', script], { encoding: 'utf8' }),
  );
  expect(position).toBe(0);
  expect(perTrip).toBeLessThan(MAX_BYTES_PER_TRIP);
}, 120_000);

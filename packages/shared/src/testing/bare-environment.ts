import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../../../..');

/**
 * The environment of a process that a test starts, before the test adds to it. It contains nothing of the operator's.
 * The compile cache halves the CPU time of a start (1.1 to 0.5 s for a service).
 */
export function bareEnvironment(): { readonly PATH: string; readonly NODE_COMPILE_CACHE: string } {
  return {
    PATH: process.env['PATH'] ?? '',
    NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] ?? join(ROOT, '.helios/compile-cache'),
  };
}

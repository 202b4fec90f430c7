import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const ofAll = {
  testTimeout: 30_000,
  hookTimeout: 60_000,
  // Its own limit, a second, is too short for a busy machine: `testTimeout` ends a poll that waits in vain.
  expect: { poll: { timeout: 25_000 } },
  // All files of a worker share one process: loading the modules again for each costs 0.5 s of CPU per file.
  isolate: false,
  // So a file must undo its stubs and fakes at its end.
  restoreMocks: true,
  unstubEnvs: true,
  unstubGlobals: true,
};

const TESTS_OF_PARTS = ['packages/*/{src,test}/**/*.test.ts', 'services/*/{src,test}/**/*.test.ts'];
const TESTS_OF_FLEETS = ['tests/**/*.test.ts'];

/** Each keeps both cores busy, so nothing runs at the same time. */
const ALONE = ['tests/replay.test.ts', 'tests/chaos.test.ts'];

/** Containers that must be healthy within a minute and stop within ten seconds, and three files that mostly wait. */
const BESIDE_CONTAINERS = [
  'tests/compose.test.ts',
  'tests/attack/hung-services.test.ts',
  'tests/attack/refused-writes.test.ts',
  'tests/public-mode.test.ts',
];

/** Other slow files, the slowest first. They start first, so that none of them runs alone at the end. */
const LONG = [
  'services/execution-manager/test/fault-round-trips.test.ts',
  'services/execution-manager/test/fault-protection.test.ts',
  'services/decision-logger/test/crash.test.ts',
  'packages/fleet/test/supervisor.test.ts',
  'services/dashboard-api/test/page.test.ts',
  'services/decision-logger/test/redis-loses.test.ts',
  'services/public-price-ingestor/test/service.test.ts',
  'services/decision-logger/test/ledger-loss.test.ts',
  'services/dashboard-api/test/page-truth.test.ts',
  'services/public-price-ingestor/test/budget.test.ts',
  'services/dashboard-api/test/page-tabs.test.ts',
  'packages/fleet/test/redis-trouble.test.ts',
  'packages/synthetic-market/src/stylised-facts.test.ts',
  'services/data-ingestor/test/live/live-faults.test.ts',
  'packages/synthetic-market/test/recorded-sessions.test.ts',
  'services/dashboard-api/test/attacks.test.ts',
  'packages/sentiment/src/vader-rules.test.ts',
  'tests/chaos-supervisor.test.ts',
  'tests/bad-input.test.ts',
  'tests/chaos-replay.test.ts',
  'tests/bad-recording.test.ts',
  'tests/attack/blocked-logs.test.ts',
];
const FIRST = [...BESIDE_CONTAINERS, ...ALONE, ...LONG];

for (const file of FIRST) {
  if (!existsSync(join(import.meta.dirname, file))) throw new Error(`vitest.config.ts: ${file} does not exist.`);
}

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const places = new Map(FIRST.map((file, place) => [join(import.meta.dirname, file), place]));
    const placeOf = ({ moduleId }: TestSpecification): number => places.get(moduleId) ?? places.size;
    return (await super.sort(files)).sort((a, b) => placeOf(a) - placeOf(b));
  }
}

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          ...ofAll,
          name: 'parts',
          include: TESTS_OF_PARTS,
          // Many tests mostly wait, so two cores can run three of them.
          maxWorkers: 3,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          ...ofAll,
          name: 'fleets',
          include: TESTS_OF_FLEETS,
          exclude: [...BESIDE_CONTAINERS, ...ALONE],
          maxWorkers: 3,
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          ...ofAll,
          name: 'containers',
          include: BESIDE_CONTAINERS,
          maxWorkers: 2,
          sequence: { groupOrder: 3 },
        },
      },
      {
        test: {
          ...ofAll,
          name: 'alone',
          include: ALONE,
          maxWorkers: 1,
          maxConcurrency: 2,
          sequence: { groupOrder: 4 },
        },
      },
    ],
  },
});

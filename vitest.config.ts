import { defineConfig } from 'vitest/config';

const limits = { testTimeout: 30_000, hookTimeout: 60_000 };

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...limits,
          name: 'parts',
          include: ['packages/*/{src,test}/**/*.test.ts', 'services/*/{src,test}/**/*.test.ts'],
          // All files of a worker share one process: loading the modules again for each costs 0.5 s of CPU per file.
          isolate: false,
          // So what a file stubs or fakes must end with it.
          restoreMocks: true,
          unstubEnvs: true,
          unstubGlobals: true,
          // Many tests wait for something that takes its time, so that two cores can serve three of them.
          maxWorkers: 3,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          ...limits,
          name: 'fleet',
          include: ['tests/**/*.test.ts'],
          // Each of these runs whole fleets, so one at a time, and by themselves: two at once starve the kill tests.
          maxWorkers: 1,
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});

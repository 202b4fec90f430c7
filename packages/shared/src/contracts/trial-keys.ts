/** Name of one key of a search, with what docs/redis.md says about it. */
interface TrialKey {
  readonly name: string;
  readonly kind: 'hash' | 'string' | 'keys of BullMQ';
  readonly about: string;
}

/** First part of every key of `npm run optimise -- --queue`. These keys are never in the Redis of a fleet. */
export const TRIAL_PREFIX = 'helios-trials';

/** Every key of a search over several machines. */
export const TRIAL_KEYS = {
  coordinators: {
    name: `${TRIAL_PREFIX}:coordinators`,
    kind: 'hash',
    about: 'Each search that runs, or can be resumed: process to JSON with its code, its data files and its last beat.',
  },
  workers: {
    name: `${TRIAL_PREFIX}:workers`,
    kind: 'hash',
    about: 'Each worker: process to JSON with its machine, code, trials and last beat.',
  },
  queue: {
    name: `${TRIAL_PREFIX}:queue:{search}:*`,
    kind: 'keys of BullMQ',
    about: 'The queue of one search. A job has the id of its trial.',
  },
  results: {
    name: `${TRIAL_PREFIX}:results:{search}:{trial}`,
    kind: 'string',
    about: 'Result of a trial as gzipped JSON, until its coordinator has it; at most a week.',
  },
} as const satisfies Record<string, TrialKey>;

import { basename } from 'node:path';
import { Records } from '@helios/shared/contracts/catalog.ts';
import type { KnownLedger, LedgerTrouble } from '@helios/shared/domain/known-ledger.ts';
import type { Bus } from '@helios/shared/runtime/bus.ts';
import { BusFault, BusUnavailable } from '@helios/shared/runtime/errors.ts';
import type { Logger } from '@helios/shared/runtime/service.ts';

/** A problem with the ledger, without its time. */
export type Trouble = Pick<LedgerTrouble, 'code' | 'message' | 'action'>;

interface Options {
  readonly bus: Bus<'decision-logger'>;
  readonly run: string;
  /** The machine's time. */
  readonly wallNow: () => number;
  readonly log: Logger;
}

/** Reports problems with the ledger: one ERROR line per problem, and the record `ledger_trouble` while it lasts. */
export class LedgerTroubles {
  readonly #options: Options;
  #current: LedgerTrouble | undefined;

  constructor(options: Options) {
    this.#options = options;
  }

  /** Sets the current problem, or none; `show` publishes it. */
  set(trouble: Trouble | undefined): void {
    const { run, wallNow, log } = this.#options;
    const before = this.#current;
    if (trouble === undefined) {
      if (before) log.info({ code: before.code }, 'the ledger can be used again');
      this.#current = undefined;
      return;
    }
    const isNew = before?.code !== trouble.code;
    this.#current = { run, ...trouble, since_ts: isNew ? wallNow() : before.since_ts };
    if (isNew) log.error({ code: trouble.code, action: trouble.action }, trouble.message);
  }

  /** Writes the problem, or its end, to Redis. While Redis is away the next call does it. */
  async show(): Promise<void> {
    const { bus, log } = this.#options;
    const trouble = this.#current;
    try {
      await bus.write((batch) => {
        if (trouble) batch.setRecord(Records.ledgerTrouble, trouble);
        else batch.remove(Records.ledgerTrouble);
      });
    } catch (error) {
      if (error instanceof BusFault)
        log.warn({ problem: error.message }, 'the problem of the ledger was not written to redis');
      else if (!(error instanceof BusUnavailable)) throw error;
    }
  }
}

/** Describes a ledger that differs from its record in Redis at the start. */
export function describeLoss(
  code: 'MISSING' | 'REPLACED' | 'OLDER',
  path: string,
  known: KnownLedger,
  found?: { readonly decisions: number; readonly trades: number },
): Trouble {
  const { run, decisions, trades } = known;
  const remembered = `Redis has a record of ${decisions} decisions and ${trades} trades`;
  const has = `it has ${found?.decisions ?? 0} and ${found?.trades ?? 0}`;
  const what = {
    MISSING: `The ledger of ${run} is missing: ${remembered}, but ${path} does not exist.`,
    REPLACED: `The ledger of ${run} was replaced by another one: ${remembered}, but ${path} is not that ledger; ${has}.`,
    OLDER: `The ledger of ${run} is an older copy: ${remembered}, but ${path} lacks the newest; ${has}.`,
  }[code];
  const wayOut =
    code === 'MISSING'
      ? `start a new ledger: npm run account -- accept ${run}`
      : `continue with this file: npm run account -- accept ${run}`;
  const action = `Put the ledger or a backup of it in its place (docs/ledger.md), or ${wayOut}. Then press Start.`;
  return { code, message: `${what} Nothing is recorded; signals wait.`, action };
}

export function describeDamage(path: string, run: string, problem: string): Trouble {
  const action = `Move ${basename(path)} aside, and put a backup in its place or start a new ledger: npm run account -- accept ${run} (docs/ledger.md). Then press Start.`;
  return { code: 'DAMAGED', message: `${problem} Nothing is recorded; signals wait.`, action };
}

export function describeInUse(problem: string): Trouble {
  const action =
    'Find the other decision-logger (ps -ef) and end its fleet or container: one data folder belongs to one fleet. Recording then continues by itself.';
  return { code: 'UNWRITABLE', message: `${problem} Nothing is recorded here; signals wait.`, action };
}

export function describeUnwritable(problem: string): Trouble {
  const action = 'Free space on that disk, or correct the rights of the folder; recording then continues by itself.';
  return { code: 'UNWRITABLE', message: problem, action };
}

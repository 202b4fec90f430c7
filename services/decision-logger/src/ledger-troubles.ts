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
      if (error instanceof BusFault) log.warn({ problem: error.message }, 'the trouble of the ledger was not written');
      else if (!(error instanceof BusUnavailable)) throw error;
    }
  }
}

/** Describes what a start found instead of the ledger that Redis has on record. */
export function describeLoss(
  code: 'MISSING' | 'REPLACED' | 'OLDER',
  path: string,
  known: KnownLedger,
  found?: { readonly decisions: number; readonly trades: number },
): Trouble {
  const { run, decisions, trades } = known;
  const remembered = `Redis remembers ${decisions} decisions and ${trades} trades`;
  const has = `it has ${found?.decisions ?? 0} and ${found?.trades ?? 0}`;
  const what = {
    MISSING: `The ledger of ${run} is missing: ${remembered}, and ${path} is not there.`,
    REPLACED: `Another ledger lies in the place of ${run}’s: ${remembered}, and ${path} is not that ledger; ${has}.`,
    OLDER: `The ledger of ${run} is an older copy: ${remembered}, and ${path} lacks the newest; ${has}.`,
  }[code];
  const wayOut =
    code === 'MISSING'
      ? `begin a new ledger: npm run account -- accept ${run}`
      : `go on with this file: npm run account -- accept ${run}`;
  const action = `Put the ledger or a backup of it in its place (docs/ledger.md), or ${wayOut}. Then press Start.`;
  return { code, message: `${what} Nothing is recorded, signals wait.`, action };
}

export function describeDamage(path: string, run: string, problem: string): Trouble {
  const action = `Move ${basename(path)} aside, and put a backup in its place or begin a new ledger: npm run account -- accept ${run} (docs/ledger.md). Then press Start.`;
  return { code: 'DAMAGED', message: `${problem} Nothing is recorded, signals wait.`, action };
}

export function describeInUse(problem: string): Trouble {
  const action =
    'Find the other decision-logger (ps -ef) and end the fleet or container it belongs to: one data folder belongs to one fleet. Recording goes on by itself then.';
  return { code: 'UNWRITABLE', message: `${problem} Nothing is recorded here, signals wait.`, action };
}

export function describeUnwritable(problem: string): Trouble {
  const action = 'Free space on that disk, or correct the rights of the folder; recording goes on by itself.';
  return { code: 'UNWRITABLE', message: problem, action };
}

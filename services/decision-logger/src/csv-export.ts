import { readdirSync, readFileSync, renameSync } from 'node:fs';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Decision, tradeOriginOf } from '@helios/shared/domain/decision.ts';
import { type Cell, csvLine } from '@helios/shared/runtime/csv-line.ts';
import type { Logger } from '@helios/shared/runtime/service.ts';
import type { Ledger } from './ledger/ledger.ts';
import { slugOf } from './ledger/ledger-file.ts';
import { utcDayOf } from './utc-day.ts';

const ROWS_A_TIME = 1_000;
/** Minimum ratio of idle time to writing time: a long file is written less often. */
const IDLE_PER_BUSY = 20;

/** Columns of the export, in order. `run` comes first: a file's owner is read from it. */
const COLUMNS: readonly (readonly [name: string, cell: (decision: Decision) => Cell])[] = [
  ['run', (d) => d.run],
  ['time', (d) => isoOf(d.timestamp)],
  ['timestamp', (d) => d.timestamp],
  ['decision_id', (d) => d.decision_id],
  ['symbol', (d) => d.symbol],
  ['direction', (d) => d.direction],
  ['outcome', (d) => d.outcome],
  ['entry_price', (d) => d.entry_price],
  ['fill_price', (d) => d.fill_price],
  ['liquidity', (d) => d.liquidity],
  ['position_size', (d) => d.position_size],
  ['beyond_book_qty', (d) => d.beyond_book_qty],
  ['gross_pnl', (d) => d.gross_pnl],
  ['fees', (d) => d.fees],
  ['slippage', (d) => d.slippage],
  ['funding', (d) => d.funding],
  ['realized_pnl', (d) => d.realized_pnl],
  ['exit_reason', (d) => d.exit_reason],
  ['confidence', (d) => d.confidence],
  ['nobi_value', (d) => d.nobi_value],
  ['order_flow', (d) => d.order_flow],
  ['stop_loss', (d) => d.stop_loss],
  ['take_profit', (d) => d.take_profit],
  ['regime', (d) => d.regime],
  ['model', (d) => d.model],
  ['origin', tradeOriginOf],
  ['reason', (d) => d.reason],
  ['gates', (d) => d.gates && JSON.stringify(d.gates)],
];

function isoOf(ts: number): string {
  return ts <= 8.64e15 ? new Date(ts).toISOString() : '';
}

export interface CsvOptions {
  readonly folder: string;
  readonly run: string;
  readonly ledger: Pick<Ledger, 'decisionsOfDay' | 'daysToExport' | 'lastFinal' | 'noteExported'>;
  readonly log: Logger;
  /** Monotonic milliseconds. */
  readonly nowMs: () => number;
}

/**
 * Exports the decisions of the ledger as `decisions-YYYY-MM-DD.csv`, one file per UTC day of their timestamps. Each file is
 * written beside its place and then renamed, so readers never see a partial file. A file of another run on the same day is
 * renamed with the name of that run. If writing fails, it logs one warning and retries; recording is not affected. The ledger
 * stores how far the files are complete: after a kill, later days are written again.
 */
export class CsvExport {
  readonly #options: CsvOptions;
  readonly #changed: Set<string>;
  readonly #ours = new Set<string>();
  #failing = false;
  #restUntilMs = 0;

  constructor(options: CsvOptions) {
    this.#options = options;
    this.#changed = new Set(options.ledger.daysToExport());
  }

  /** Marks the day of an added or changed decision. */
  markChanged(ts: number): void {
    this.#changed.add(utcDayOf(ts));
  }

  /** Writes the changed days, unless recent writing took too much of the time. */
  async flush(): Promise<void> {
    if (this.#changed.size === 0 || this.#options.nowMs() < this.#restUntilMs) return;
    const startedMs = this.#options.nowMs();
    await this.flushNow();
    const endedMs = this.#options.nowMs();
    this.#restUntilMs = endedMs + (endedMs - startedMs) * IDLE_PER_BUSY;
  }

  /** Writes the changed days. */
  async flushNow(): Promise<void> {
    if (this.#changed.size === 0) return;
    // Read before the first row: a later change marks its day again.
    const lastFinal = this.#options.ledger.lastFinal();
    for (const day of [...this.#changed]) {
      this.#changed.delete(day);
      try {
        await this.#write(day);
        this.#failing = false;
      } catch (error) {
        this.#changed.add(day);
        this.#tell(day, error);
        return;
      }
    }
    this.#options.ledger.noteExported(lastFinal);
  }

  #tell(day: string, error: unknown): void {
    if (this.#failing) return;
    this.#failing = true;
    const problem = error instanceof Error ? error.message : String(error);
    this.#options.log.warn(
      { day, folder: this.#options.folder, problem },
      'the daily CSV cannot be written; free space on the disk or correct the rights of log_dir. The ledger still records decisions, and the file follows by itself',
    );
  }

  async #write(day: string): Promise<void> {
    const { folder } = this.#options;
    const path = join(folder, `decisions-${day}.csv`);
    const draft = join(folder, `.decisions-${day}.csv.tmp`);
    await mkdir(folder, { recursive: true });
    await this.#putForeignAside(path, day);
    try {
      await this.#writeRows(draft, day);
      await rename(draft, path);
    } catch (error) {
      await rm(draft, { force: true }).catch(() => {});
      throw error;
    }
  }

  async #writeRows(path: string, day: string): Promise<void> {
    const file = await open(path, 'w');
    try {
      await file.write(csvLine(COLUMNS.map(([name]) => name)));
      let after = 0;
      for (;;) {
        const rows = this.#options.ledger.decisionsOfDay(day, after, ROWS_A_TIME);
        const last = rows.at(-1);
        if (last === undefined) return;
        after = last.n;
        await file.write(rows.map(({ decision }) => csvLine(COLUMNS.map(([, cell]) => cell(decision)))).join(''));
      }
    } finally {
      await file.close();
    }
  }

  async #putForeignAside(path: string, day: string): Promise<void> {
    if (this.#ours.has(day)) return;
    const owner = ownerOf(await readFile(path, 'utf8').catch(() => ''));
    if (owner !== undefined && owner !== this.#options.run) {
      await rename(path, join(this.#options.folder, `decisions-${day}.${slugOf(owner)}.csv`));
    }
    this.#ours.add(day);
  }
}

/** The run in the first row; undefined if there is none. */
function ownerOf(csv: string): string | undefined {
  const row = csv.slice(csv.indexOf('\r\n') + 2);
  const match = /^(?:"((?:[^"]|"")*)"|([^,\r\n]*)),/.exec(row);
  return match?.[1]?.replaceAll('""', '"') ?? match?.[2];
}

/** Renames the daily files of this run: their decisions are in a ledger that was moved aside. */
export function putDailyFilesAside(folder: string, run: string, stamp: string): void {
  for (const name of dailyFilesIn(folder)) {
    const path = join(folder, name);
    if (ownerOf(readFileSync(path, 'utf8')) !== run) continue;
    renameSync(path, join(folder, name.replace(/\.csv$/, `.${slugOf(run)}.reset-${stamp}.csv`)));
  }
}

function dailyFilesIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => /^decisions-\d{4}-\d{2}-\d{2}\.csv$/.test(name));
  } catch (error) {
    // Nothing was exported yet.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

import { join } from 'node:path';
import { RowCollector } from '@helios/core/features/row-collector.ts';
import { partOfDecision, partOfReport, partOfSignal, partOfTrade } from '@helios/core/features/row-parts.ts';
import type { RefusalReport } from '@helios/shared/domain/decision.ts';
import type { ClosedTrade } from '@helios/shared/domain/position.ts';
import { RowPart } from '@helios/shared/domain/row-part.ts';
import type { TradingSignal } from '@helios/shared/domain/signal.ts';
import { openRotatingFile, type RotatingFile } from '@helios/shared/runtime/rotating-file.ts';
import type { Logger } from '@helios/shared/runtime/service.ts';
import { completeLines } from './complete-lines.ts';
import { rowsFolder } from './ledger/ledger-file.ts';
import type { ProjectionChange } from './projection-writes.ts';

const MB = 1_048_576;
/** About 100,000 rows per run. */
const ROWS = { maxBytes: 32 * MB, keep: 7 };
/** What waits for its outcome: at least several hours of it, as long as positions are held. */
const PARTS = { maxBytes: 16 * MB, keep: 1 };
/** Ids of the newest rows, so that none is written twice. */
const MAX_IDS = 50_000;
/** A row begins with its id. */
const ID = /^\{"id":"([^"]+)"/;

interface Options {
  /** Ledger of the run; its rows lie beside it. */
  readonly ledgerPath: string;
  readonly run: string;
  readonly log: Logger;
}

/**
 * Writes a training row per candidate once its outcome is known, one JSON object per line. What still waits is in a file of its own, so
 * a restart loses nothing. A disk fault loses rows and is logged, but stops no trading.
 */
export class TrainingLog {
  readonly #run: string;
  readonly #collector = new RowCollector();
  readonly #ids = new Set<string>();
  readonly #rows: RotatingFile;
  readonly #parts: RotatingFile;

  /** `lastTrades`: the newest trades of the ledger; a kill may have come between a trade and its row. */
  constructor({ ledgerPath, run, log }: Options, lastTrades: readonly ClosedTrade[]) {
    this.#run = run;
    const folder = rowsFolder(ledgerPath);
    const [rows, parts] = [join(folder, 'rows.jsonl'), join(folder, 'waiting.jsonl')];
    const onFault = (error: Error) =>
      log.warn({ folder, problem: error.message }, 'training rows cannot be written and are lost; check the disk');
    const onRecovered = (lost: number) => log.info({ lost }, 'training rows are written again');
    this.#rows = openRotatingFile(rows, { ...ROWS, onFault, onRecovered });
    this.#parts = openRotatingFile(parts, { ...PARTS, onFault, onRecovered });
    this.#restore([`${rows}.1`, rows], [`${parts}.1`, parts]);
    for (const trade of lastTrades) this.#take(partOfTrade(trade), false);
  }

  onSignal(signal: TradingSignal): void {
    if (signal.run === this.#run) this.#take(partOfSignal(signal));
  }

  onReport(report: RefusalReport): void {
    const run = report.kind === 'REFUSED' ? report.decision.run : report.run;
    if (run === this.#run) this.#take(partOfReport(report));
  }

  /** Takes what the ledger committed. */
  onChange({ decisions, trades }: Pick<ProjectionChange, 'decisions' | 'trades'>): void {
    for (const { decision } of decisions) this.#take(partOfDecision(decision));
    for (const trade of trades) this.#take(partOfTrade(trade));
  }

  async close(): Promise<void> {
    await Promise.all([this.#rows.close(), this.#parts.close()]);
  }

  /** Reads the ids of written rows, then the parts that waited when the last process ended. */
  #restore(rowFiles: readonly string[], partFiles: readonly string[]): void {
    for (const line of rowFiles.flatMap(completeLines)) this.#remember(ID.exec(line)?.[1] ?? '');
    for (const line of partFiles.flatMap(completeLines)) {
      const part = partIn(line);
      if (part !== undefined) this.#take(part, false);
    }
  }

  #take(part: RowPart | undefined, isNew = true): void {
    if (part === undefined || this.#ids.has(part.id)) return;
    if (isNew) this.#parts.write(JSON.stringify(part));
    const row = this.#collector.add(part);
    if (row === undefined) return;
    const { id, ...rest } = row;
    this.#rows.write(JSON.stringify({ id, ...rest }));
    this.#remember(id);
  }

  #remember(id: string): void {
    this.#ids.add(id);
    if (this.#ids.size <= MAX_IDS) return;
    const [oldest] = this.#ids;
    if (oldest !== undefined) this.#ids.delete(oldest);
  }
}

/** Undefined for a line that another version wrote, or that is damaged. */
function partIn(line: string): RowPart | undefined {
  try {
    return RowPart.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

import { readFile } from 'node:fs/promises';
import { Decision } from '@helios/shared/domain/decision.ts';
import { ClosedTrade } from '@helios/shared/domain/position.ts';
import { HopelessStart } from '@helios/shared/runtime/errors.ts';
import { z } from 'zod';
import type { BacktestResult } from './backtest-result.ts';
import type { BacktestReport } from './report/backtest-report.ts';
import { writeWhole } from './report/write-whole.ts';
import { packRecords, SavedRecords, unpackRecords } from './saved-records.ts';

const FORMAT = 'helios-backtest';
/** Raised by every change after which older files cannot be read. */
const VERSION = 2;

/** The file is missing or no result of this version. */
export class NotABacktestResult extends HopelessStart {
  constructor(file: string, why: string) {
    super(
      `${file} cannot be compared: ${why}. Write a result with npm run backtest -- --data FILE… --json RESULT.json.`,
    );
    this.name = 'NotABacktestResult';
  }
}

const FiniteNumber = z.number();

/** Settings are kept as they are; only those that the report computes with are checked. */
const SavedSettings = z.looseObject({
  simulation: z.looseObject({ mode: z.string(), starting_balance: FiniteNumber.positive() }),
  performance: z.looseObject({ risk_free_rate_pct: FiniteNumber }),
});

const SavedMeta = z.object({
  run: z.string(),
  files: z.array(z.string()),
  firstTs: FiniteNumber,
  lastTs: FiniteNumber,
  settings: SavedSettings,
  changed: z.record(z.string(), z.string()),
  events: FiniteNumber,
  badFrames: FiniteNumber,
  faults: z.array(z.object({ kind: z.string(), file: z.string(), line: FiniteNumber, detail: z.string() })),
  filledInParts: z.array(z.string()).optional(),
  assumptions: z.array(z.string()),
  // Absent in results that older programs saved.
  models: z.array(z.string()).default([]),
});

/** The report computes all other figures from the result. */
const SavedFigures = z
  .looseObject({ probabilities: z.looseObject({ trials: z.int().positive().optional() }).optional() })
  .optional();

/** Version 1 had whole decisions. */
const WholeRecords = z
  .object({
    decisions: z.array(Decision),
    refusals: z.array(Decision),
    trades: z.array(ClosedTrade),
    mids: z.record(z.string(), FiniteNumber),
    prices: z.record(z.string(), z.array(z.object({ ts: FiniteNumber, price: FiniteNumber }))),
  })
  .transform(({ mids, prices, ...rest }) => ({
    ...rest,
    mids: new Map(Object.entries(mids)),
    prices: new Map(Object.entries(prices)),
  }));

/** What each version that can be read has as records. */
const RECORDS = { 1: WholeRecords, 2: SavedRecords.transform(unpackRecords) } as const;
const KNOWN_VERSIONS = Object.keys(RECORDS).map(Number);

/**
 * Writes results with all their figures. Trades are in each result only, with their parts in `figures.costs` by entry signal. The
 * curve of buy-and-hold is left out: the report does not need it.
 */
export async function saveReports(file: string, reports: readonly BacktestReport[]): Promise<void> {
  const results = reports.map(({ result, trades, hold, ...figures }) => ({
    figures: { ...figures, ...(hold && { hold: { ...hold, points: undefined } }), costs: costsById(trades) },
    result: { ...result, trials: undefined, ...packRecords(result) },
  }));
  await writeWhole(file, `${JSON.stringify({ format: FORMAT, version: VERSION, results })}\n`);
}

const costsById = (trades: BacktestReport['trades']) =>
  Object.fromEntries(trades.map(({ trade, costs }) => [trade.entry_signal_id, costs]));

/** Reads the results of a file that `saveReports` wrote, of this version or an older one. Rejects with NotABacktestResult. */
export async function readSavedResults(file: string): Promise<BacktestResult[]> {
  const { version, content } = await contentOf(file);
  const Saved = z.object({
    results: z.array(z.object({ figures: SavedFigures, result: SavedMeta.and(RECORDS[version]) })).min(1),
  });
  const { results } = parsed(Saved, content, file);
  return results.map(({ figures, result: { settings, faults, ...rest } }) => ({
    ...rest,
    trials: figures?.probabilities?.trials,
    settings: settings as unknown as BacktestResult['settings'],
    faults: faults as BacktestResult['faults'],
  }));
}

async function contentOf(file: string): Promise<{ readonly version: keyof typeof RECORDS; readonly content: unknown }> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new NotABacktestResult(file, error.code === 'ENOENT' ? 'there is no such file' : error.message);
  });
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    throw new NotABacktestResult(file, 'it is no JSON');
  }
  const head = z.looseObject({ format: z.literal(FORMAT), version: z.number() }).safeParse(content);
  if (!head.success) throw new NotABacktestResult(file, 'it is no backtest result, or of a version before 1');
  const { version } = head.data;
  if (version !== 1 && version !== 2)
    throw new NotABacktestResult(
      file,
      `it has version ${version}, and this program reads ${KNOWN_VERSIONS.join(' and ')}`,
    );
  return { version, content };
}

function parsed<T>(schema: z.ZodType<T>, content: unknown, file: string): T {
  try {
    return schema.parse(content);
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    const issue = error.issues[0];
    throw new NotABacktestResult(file, `${issue?.path.join('.')}: ${issue?.message}`);
  }
}

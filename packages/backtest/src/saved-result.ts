import { readFile } from 'node:fs/promises';
import { Decision } from '@helios/shared/domain/decision.ts';
import { ClosedTrade } from '@helios/shared/domain/position.ts';
import { HopelessStart } from '@helios/shared/runtime/errors.ts';
import { z } from 'zod';
import type { BacktestResult } from './backtest-result.ts';
import type { BacktestReport } from './report/backtest-report.ts';
import { writeReport } from './report/write-report.ts';

const FORMAT = 'helios-backtest';
/** Raised by every change after which older files cannot be read. */
const VERSION = 1;

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

const SavedResult = z.object({
  run: z.string(),
  files: z.array(z.string()),
  firstTs: FiniteNumber,
  lastTs: FiniteNumber,
  settings: SavedSettings,
  changed: z.record(z.string(), z.string()),
  decisions: z.array(Decision),
  refusals: z.array(Decision),
  trades: z.array(ClosedTrade),
  mids: z.record(z.string(), FiniteNumber),
  prices: z.record(z.string(), z.array(z.object({ ts: FiniteNumber, price: FiniteNumber }))),
  events: FiniteNumber,
  badFrames: FiniteNumber,
  faults: z.array(z.object({ kind: z.string(), file: z.string(), line: FiniteNumber, detail: z.string() })),
  filledInParts: z.array(z.string()).optional(),
  assumptions: z.array(z.string()),
  // Absent in results that older programs saved.
  models: z.array(z.string()).default([]),
});

const SavedFile = z.object({ results: z.array(z.object({ result: SavedResult })).min(1) });

/**
 * Writes results with all their figures. Trades are in each result only, with their parts in `figures.costs` by entry signal. The
 * gates of refusals, nine tenths of a file, and the curve of buy-and-hold are left out: the report needs neither.
 */
export async function saveReports(file: string, reports: readonly BacktestReport[]): Promise<void> {
  const results = reports.map(({ result, trades, hold, ...figures }) => ({
    figures: { ...figures, ...(hold && { hold: { ...hold, points: undefined } }), costs: costsById(trades) },
    result: plainResult(result),
  }));
  await writeReport(file, `${JSON.stringify({ format: FORMAT, version: VERSION, results })}\n`);
}

const costsById = (trades: BacktestReport['trades']) =>
  Object.fromEntries(trades.map(({ trade, costs }) => [trade.entry_signal_id, costs]));

function plainResult(result: BacktestResult) {
  return {
    ...result,
    refusals: result.refusals.map((refusal) => ({ ...refusal, gates: undefined })),
    mids: Object.fromEntries(result.mids),
    prices: Object.fromEntries(result.prices),
  };
}

/** Reads the results of a file that `saveReports` wrote. Rejects with NotABacktestResult. */
export async function readSavedResults(file: string): Promise<BacktestResult[]> {
  const content = await contentOf(file);
  const { results } = parsed(SavedFile, content, file);
  return results.map(({ result: { mids, prices, settings, faults, ...rest } }) => ({
    ...rest,
    settings: settings as unknown as BacktestResult['settings'],
    faults: faults as BacktestResult['faults'],
    mids: new Map(Object.entries(mids)),
    prices: new Map(Object.entries(prices)),
  }));
}

async function contentOf(file: string): Promise<unknown> {
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
  if (head.data.version !== VERSION)
    throw new NotABacktestResult(
      file,
      `it has version ${head.data.version}, and this program reads version ${VERSION}`,
    );
  return content;
}

function parsed<T>(schema: z.ZodType<T>, content: unknown, file: string): T {
  const checked = schema.safeParse(content);
  if (checked.success) return checked.data;
  const issue = checked.error.issues[0];
  throw new NotABacktestResult(file, `${issue?.path.join('.')}: ${issue?.message}`);
}

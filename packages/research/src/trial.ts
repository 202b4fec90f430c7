import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { z } from 'zod';

/** A file that a trial reads, and the option of `npm run backtest` that names it. */
const TrialFile = z.strictObject({
  option: z.string(),
  /** Absolute; another machine may have the same content elsewhere. */
  path: z.string(),
  /** SHA-256 of the content, hex. */
  sha256: z.string(),
});
export type TrialFile = z.infer<typeof TrialFile>;

/** The data of a trial, and how they are played. */
const DataPart = z.strictObject({
  files: z.array(TrialFile).min(1),
  /** More options of `npm run backtest` with their values, a switch with an empty one: market, latency, funding and so on. */
  options: z.record(z.string(), z.string()),
  /** No entry before this market time, epoch ms; the data before it warm the indicators. */
  fromTs: z.number().int(),
  /** The session ends before the first event after this market time, epoch ms. */
  toTs: z.number().int(),
});
export type DataPart = z.infer<typeof DataPart>;

/** One backtest of a search: everything that decides its result. Plain JSON. */
export const Trial = z.strictObject({
  /** Hash of code, data and settings: equal ids have equal results. */
  id: z.string(),
  /** Every setting that differs from its default, `section.key` to text. Nothing else is read: no file, no environment. */
  settings: z.record(z.string(), z.string()),
  data: DataPart,
});
export type Trial = Readonly<z.infer<typeof Trial>>;

const Numbers = z.array(z.number());

/** Closed trades in order of closing, column by column. */
const TradeColumns = z.strictObject({
  /** Epoch ms. */
  entryTs: Numbers,
  exitTs: Numbers,
  /** Net result, basis points of the value at entry. */
  netBp: Numbers,
  /** Net result, quote currency. */
  net: Numbers,
});
export type TradeColumns = z.infer<typeof TradeColumns>;

/** What a backtest with the settings of a trial gave. */
const PlayedTrial = z.strictObject({
  kind: z.literal('PLAYED'),
  id: z.string(),
  /** Market time of the first event that counts and of the last one, epoch ms. */
  firstTs: z.number(),
  lastTs: z.number(),
  /** Quote currency. */
  startingBalance: z.number(),
  trades: TradeColumns,
  /** Return of each UTC day from the first trade to the end, as a fraction; empty without trades, and after ruin. */
  dailyReturns: Numbers,
  /** Number of market events. */
  events: z.number().int(),
  /** What the data do not hold, and the models that ran; one sentence each. */
  assumptions: z.array(z.string()),
  models: z.array(z.string()),
});
export type PlayedTrial = z.infer<typeof PlayedTrial>;

/** The settings contradict each other, so there is nothing to play. */
const InvalidTrial = z.strictObject({ kind: z.literal('INVALID'), id: z.string(), faults: z.array(z.string()).min(1) });

/** The trial threw at each attempt, or its workers died. It says nothing about the settings, so it is never cached. */
const FailedTrial = z.strictObject({ kind: z.literal('FAILED'), id: z.string(), reason: z.string() });

/** The outcome of a trial. Plain JSON. */
export const TrialResult = z.discriminatedUnion('kind', [PlayedTrial, InvalidTrial, FailedTrial]);
export type TrialResult = z.infer<typeof TrialResult>;

/** A trial of these settings on these data, played by code with this hash. */
export function trialOf(settings: Readonly<Record<string, string>>, data: DataPart, codeHash: string): Trial {
  const files = data.files.map(({ option, path, sha256 }) => [option, basename(path), sha256]);
  const content = [codeHash, files, sorted(data.options), data.fromTs, data.toTs, sorted(settings)];
  return { id: createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 32), settings, data };
}

const sorted = (texts: Readonly<Record<string, string>>) =>
  Object.entries(texts).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));

import type { FillModel, ImpactModel, QueueModel, VenueModels } from '@helios/core/paper/venue-models.ts';
import type { CommandLine } from '@helios/shared/runtime/cli/command-line.mjs';
import { PARTIAL_FILLS, WHOLE_FILLS } from './fill-model.ts';
import { linearImpact, squareRootImpact, WALK_LEVELS } from './impact-model.ts';
import { FRONT_OF_QUEUE, LOG_QUEUE, type NamedModel, powerQueue, RISK_AVERSE, UNKNOWN_QUEUE } from './queue-model.ts';

/** The models of the venue that a backtest plays with. */
export interface ChosenModels {
  /** Undefined if none is named: then the data decide. */
  readonly queue?: NamedModel<QueueModel> | undefined;
  readonly impact: NamedModel<ImpactModel>;
  readonly fill: NamedModel<FillModel>;
  /** When an order whose time is over ends; at once by default. */
  readonly endOfLife?: VenueModels['endOfLife'];
}

/** The models of paper trading. */
export const USUAL_MODELS: ChosenModels = { impact: WALK_LEVELS, fill: WHOLE_FILLS };

const QUEUES = new Map([
  ['risk-averse', RISK_AVERSE],
  ['log', LOG_QUEUE],
  ['front', FRONT_OF_QUEUE],
]);
const IMPACTS = new Map([
  ['sqrt', squareRootImpact],
  ['linear', linearImpact],
]);
/** hftbacktest's examples use this exponent. */
const USUAL_EXPONENT = 3;
const USUAL_FREE_SHARE_PCT = 10;

/**
 * The models that --queue-model, --impact and --partial-fills name.
 * @throws CommandLineError for an unknown model or figure
 */
export function readVenueModels(line: CommandLine): ChosenModels {
  return {
    queue: readQueue(line),
    impact: readImpact(line),
    fill: line.has('partial-fills') ? PARTIAL_FILLS : WHOLE_FILLS,
  };
}

/** The queue model of paper trading; where books are made up and none is named, the unknown queue. */
export function queueFor({ queue }: ChosenModels, isBookMadeUp: boolean): NamedModel<QueueModel> {
  return queue ?? (isBookMadeUp ? UNKNOWN_QUEUE : RISK_AVERSE);
}

/** The models themselves, for the paper venue. */
export function venueModelsOf({ queue = RISK_AVERSE, impact, fill, endOfLife }: ChosenModels): VenueModels {
  return { queue: queue.model, impact: impact.model, fill: fill.model, ...(endOfLife && { endOfLife }) };
}

function readQueue(line: CommandLine): NamedModel<QueueModel> | undefined {
  const text = line.text('queue-model');
  if (text === undefined) return undefined;
  const [name, figure] = text.split(':', 2);
  if (name === 'power') return powerQueue(readFigure(line, figure, USUAL_EXPONENT, 10, `--queue-model ${text}`));
  const known = QUEUES.get(text);
  if (known) return known;
  throw line.problem(`--queue-model must be risk-averse, power, power:N, log or front, not “${text}”.`);
}

function readImpact(line: CommandLine): NamedModel<ImpactModel> {
  const text = line.text('impact') ?? 'walk';
  const [name, figure] = text.split(':', 2);
  if (text === 'walk') return WALK_LEVELS;
  const law = IMPACTS.get(name ?? '');
  if (law) return law(readFigure(line, figure, USUAL_FREE_SHARE_PCT, 100, `--impact ${text}`) / 100);
  throw line.problem(`--impact must be walk, sqrt, sqrt:PERCENT, linear or linear:PERCENT, not “${text}”.`);
}

/** The figure after a colon: above 0 and up to `max`. */
function readFigure(line: CommandLine, text: string | undefined, usual: number, max: number, what: string): number {
  if (text === undefined) return usual;
  const figure = text.trim() === '' ? Number.NaN : Number(text);
  if (figure > 0 && figure <= max) return figure;
  throw line.problem(`${what}: the figure after the colon must be above 0 and at most ${max}.`);
}

import { HopelessStart } from '@helios/shared/runtime/errors.ts';
import type { BacktestOptions } from './backtest-options.ts';
import type { PlayedResult } from './backtest-result.ts';
import type { PlayableData } from './data/playable-data.ts';
import { playBacktest } from './run-backtest.ts';

/** No event of the data lies between --from and --to. */
class NothingPlayed extends HopelessStart {
  constructor(why: string) {
    super(`Nothing of the data can be played: ${why}. Name other times, or other data.`);
    this.name = 'NothingPlayed';
  }
}

/** Plays opened data. Rejects with NothingPlayed if no event lies between --from and --to: zeros would look like a result. */
export async function playWithin(data: PlayableData, options: BacktestOptions): Promise<PlayedResult> {
  const result = await playBacktest(data, options);
  const { fromTs, toTs } = options;
  if (result.events === 0)
    throw new NothingPlayed(
      Number.isFinite(toTs) ? `they begin after --to, ${textOf(toTs)}` : 'they hold no event that the strategy sees',
    );
  if (result.lastTs < fromTs)
    throw new NothingPlayed(`they end at ${textOf(result.lastTs)}, before --from, ${textOf(fromTs)}`);
  return result;
}

const textOf = (ts: number) => new Date(ts).toISOString();

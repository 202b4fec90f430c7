import type { BacktestOptions } from '@helios/backtest/backtest-options.ts';
import { openData } from '@helios/backtest/data/open-data.ts';
import type { PlayableData } from '@helios/backtest/data/playable-data.ts';
import type { TradingModel } from '@helios/core/model/trading-model.ts';
import { HopelessStart } from '@helios/shared/runtime/errors.ts';
import { FileHashes } from './file-hashes.ts';
import type { TrialFile } from './trial.ts';
import { trialModelOf } from './trial-model.ts';

/** A file of a trial no longer has the content that the trial was made for. */
export class TrialDataChanged extends HopelessStart {
  constructor(path: string) {
    super(
      `${path} has other content than when the search began. Results of different data must not mix: start the search again.`,
    );
    this.name = 'TrialDataChanged';
  }
}

interface OpenedParts {
  readonly data: PlayableData;
  readonly model: TradingModel | undefined;
}

async function openParts(files: readonly TrialFile[], options: BacktestOptions): Promise<OpenedParts> {
  const [data, model] = await Promise.all([openData(options), trialModelOf(files)]);
  return { data, model };
}

/** Data and model of the trial before, kept open for the next one: each process and thread has its own. */
export class OpenedData {
  readonly #hashes = new FileHashes();
  #key: string | undefined;
  #opened: Promise<OpenedParts> | undefined;

  /** Opens the files of a trial unless they are open. Rejects with TrialDataChanged, and as `openData` and `trialModelOf`. */
  async open(files: readonly TrialFile[], options: BacktestOptions): Promise<OpenedParts> {
    const key = JSON.stringify([files, options.kind, options.market, [...(options.klines?.known ?? [])]]);
    if (this.#opened !== undefined && this.#key === key) return await this.#opened;
    for (const { path, sha256 } of files)
      if ((await this.#hashes.of(path)) !== sha256) throw new TrialDataChanged(path);
    const opened = openParts(files, options);
    [this.#key, this.#opened] = [key, opened];
    return await opened;
  }
}

import type { BacktestOptions } from '@helios/backtest/backtest-options.ts';
import { openData } from '@helios/backtest/data/open-data.ts';
import type { PlayableData } from '@helios/backtest/data/playable-data.ts';
import { HopelessStart } from '@helios/shared/runtime/errors.ts';
import { FileHashes } from './file-hashes.ts';
import type { TrialFile } from './trial.ts';

/** A file of a trial no longer has the content that the trial was made for. */
export class TrialDataChanged extends HopelessStart {
  constructor(path: string) {
    super(
      `${path} has other content than when the search began. Results of different data must not mix: start the search again.`,
    );
    this.name = 'TrialDataChanged';
  }
}

/** The data of the trial before, kept open for the next one: each process and thread has its own. */
export class OpenedData {
  readonly #hashes = new FileHashes();
  #key: string | undefined;
  #data: Promise<PlayableData> | undefined;

  /** Opens the files of a trial unless they are open. Rejects with TrialDataChanged, and as `openData`. */
  async open(files: readonly TrialFile[], options: BacktestOptions): Promise<PlayableData> {
    const key = JSON.stringify([files, options.kind, options.market, [...(options.klines?.known ?? [])]]);
    if (this.#data !== undefined && this.#key === key) return await this.#data;
    for (const { path, sha256 } of files)
      if ((await this.#hashes.of(path)) !== sha256) throw new TrialDataChanged(path);
    const data = openData(options);
    [this.#key, this.#data] = [key, data];
    return await data;
  }
}

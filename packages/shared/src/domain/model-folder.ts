/** A file of the folder `models/`. */
export interface ModelFile {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** SHA-256 of the bytes, hex in lower case; undefined if the file was not read. */
  readonly sha256: string | undefined;
  /** Undefined for files that are no JSON, too large, or no part of the model. */
  readonly text: string | undefined;
}

/** Larger files are not read, bytes. Loading takes ten times the size of memory, of which the container of signal-engine has 512 MB. */
export const MAX_MODEL_FILE_BYTES = 32 * 1024 * 1024;

/** The files of XGBoost and of the scaler that users may bring themselves. */
export const XGB_FILE = 'xgb_model.json';
export const SCALER_FILE = 'scaler.json';

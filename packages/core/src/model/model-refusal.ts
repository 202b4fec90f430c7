/** Why a folder of model files is not used. */
export type ModelRefusalCode =
  | 'BAD_MANIFEST'
  | 'HASH_DIFFERS'
  | 'FILE_MISSING'
  | 'FILE_TOO_LARGE'
  | 'BAD_FILE'
  | 'OTHER_FEATURES'
  | 'NOT_A_PROBABILITY'
  | 'CONSTANT_OUTPUT'
  | 'NO_NUMBER'
  | 'PICKLE';

/** A model file cannot be used. `loadTradingModel` turns it into a value; the message says what happened, why, and what to do. */
export class ModelRefusal extends Error {
  readonly code: ModelRefusalCode;

  constructor(code: ModelRefusalCode, message: string) {
    super(message);
    this.name = 'ModelRefusal';
    this.code = code;
  }
}

import { missing } from '@helios/shared/testing/missing.ts';
import { type XgboostLibrary, xgboostLibrary } from '../../src/xgboost/xgboost-library.ts';

/** libxgboost, or undefined without it. @throws Error where no test may be skipped */
export function findXgboost(): XgboostLibrary | undefined {
  try {
    return xgboostLibrary();
  } catch (error) {
    missing(false, error instanceof Error ? error.message : String(error));
    return undefined;
  }
}

import { existsSync } from 'node:fs';
import { HopelessStart } from '@helios/shared/runtime/errors.ts';
import koffi, { type LibraryHandle } from 'koffi';

/** A pointer that libxgboost returned. */
export type Handle = unknown;

/** A place for one result of a C function. */
export type Out<T = unknown> = [T | null];

/** Names as the dynamic linker knows them, and the folders of Homebrew, which it does not search. */
const NAMES: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  linux: ['libxgboost.so.0', 'libxgboost.so'],
  darwin: ['/opt/homebrew/lib/libxgboost.dylib', '/usr/local/lib/libxgboost.dylib', 'libxgboost.dylib'],
};

const INSTALL: Readonly<Partial<Record<NodeJS.Platform, string>>> = {
  linux: 'apt-get install -y libxgboost0',
  darwin: 'brew install xgboost',
};

/** The C functions of XGBoost (c_api.h) that training needs. Each returns 0, or −1 with a text in `XGBGetLastError`. */
const FUNCTIONS = {
  XGDMatrixCreateFromMat:
    'int XGDMatrixCreateFromMat(float* data, uint64_t rows, uint64_t columns, float missing, _Out_ void** out)',
  XGDMatrixFree: 'int XGDMatrixFree(void* matrix)',
  XGDMatrixSetFloatInfo: 'int XGDMatrixSetFloatInfo(void* matrix, str field, float* values, uint64_t length)',
  XGDMatrixSetStrFeatureInfo:
    'int XGDMatrixSetStrFeatureInfo(void* matrix, str field, const char** names, uint64_t length)',
  XGBoosterCreate: 'int XGBoosterCreate(void** matrices, uint64_t length, _Out_ void** out)',
  XGBoosterFree: 'int XGBoosterFree(void* booster)',
  XGBoosterSetParam: 'int XGBoosterSetParam(void* booster, str name, str value)',
  XGBoosterSetStrFeatureInfo:
    'int XGBoosterSetStrFeatureInfo(void* booster, str field, const char** names, uint64_t length)',
  XGBoosterUpdateOneIter: 'int XGBoosterUpdateOneIter(void* booster, int round, void* matrix)',
  XGBoosterEvalOneIter:
    'int XGBoosterEvalOneIter(void* booster, int round, void** matrices, const char** names, uint64_t length, _Out_ const char** out)',
  XGBoosterPredictFromDMatrix:
    'int XGBoosterPredictFromDMatrix(void* booster, void* matrix, str config, _Out_ uint64_t** shape, _Out_ uint64_t* dimensions, _Out_ float** out)',
  XGBoosterSaveModelToBuffer:
    'int XGBoosterSaveModelToBuffer(void* booster, str config, _Out_ uint64_t* length, _Out_ uint8_t** out)',
  XGBoosterLoadModelFromBuffer: 'int XGBoosterLoadModelFromBuffer(void* booster, uint8_t* data, uint64_t length)',
  XGBoosterSlice: 'int XGBoosterSlice(void* booster, int begin, int end, int step, _Out_ void** out)',
} as const;

type FunctionName = keyof typeof FUNCTIONS;

/** libxgboost, loaded into this process. */
export interface XgboostLibrary {
  /** For example `1.7.4`; it belongs in the card of a model. */
  readonly version: string;
  /** Calls a C function. @throws Error with XGBoost's own text if it fails */
  call(name: FunctionName, ...parameters: readonly unknown[]): void;
}

let loaded: XgboostLibrary | undefined;

/**
 * Loads libxgboost once per process; `HELIOS_XGBOOST` names another file.
 * @throws HopelessStart if there is none, with the command that installs it
 */
export function xgboostLibrary(env: NodeJS.ProcessEnv = process.env, platform = process.platform): XgboostLibrary {
  const named = env['HELIOS_XGBOOST'];
  if (named !== undefined && named !== '') return bound([named], platform);
  loaded ??= bound(NAMES[platform] ?? [], platform);
  return loaded;
}

function bound(names: readonly string[], platform: NodeJS.Platform): XgboostLibrary {
  const library = open(names, platform);
  try {
    return bind(library);
  } catch (error) {
    // Another library, or one that is too old.
    throw missing(platform, names, [error instanceof Error ? error.message : String(error)]);
  }
}

function open(names: readonly string[], platform: NodeJS.Platform): LibraryHandle {
  const problems: string[] = [];
  for (const name of names) {
    if (name.startsWith('/') && !existsSync(name)) continue;
    try {
      return koffi.load(name);
    } catch (error) {
      problems.push(error instanceof Error ? error.message : String(error));
    }
  }
  throw missing(platform, names, problems);
}

function missing(platform: NodeJS.Platform, names: readonly string[], problems: readonly string[]): HopelessStart {
  const tried = names.length === 0 ? '' : ` Tried: ${names.join(', ')}.`;
  const why = problems.length === 0 ? '' : ` The last answer: ${problems.at(-1)}.`;
  const command = INSTALL[platform];
  const wayOut =
    command === undefined
      ? 'Train on Linux or macOS; models that were trained there work here.'
      : `Install it with: ${command}`;
  return new HopelessStart(`Training needs the library libxgboost, which cannot be loaded.${tried}${why}\n${wayOut}`);
}

function bind(library: LibraryHandle): XgboostLibrary {
  const functions = Object.fromEntries(
    Object.entries(FUNCTIONS).map(([name, signature]) => [name, library.func(signature)]),
  );
  const lastError = library.func('const char* XGBGetLastError()');
  return {
    version: versionOf(library),
    call(name, ...parameters) {
      if (functions[name]?.(...parameters) === 0) return;
      throw new Error(`libxgboost refuses ${name}: ${firstLineOf(String(lastError()))}`);
    },
  };
}

function versionOf(library: LibraryHandle): string {
  const [major, minor, patch]: [[number], [number], [number]] = [[0], [0], [0]];
  library.func('void XGBoostVersion(_Out_ int* major, _Out_ int* minor, _Out_ int* patch)')(major, minor, patch);
  return `${major}.${minor}.${patch}`;
}

/** A text of XGBoost goes on with a stack of C++ calls. */
function firstLineOf(text: string): string {
  return (
    text
      .split('\n')
      .map((line) => line.trim())
      .find((line) => line !== '') ?? 'no reason given'
  );
}

import { type ModelFile, SCALER_FILE, XGB_FILE } from '@helios/shared/domain/model-folder.ts';
import { MANIFEST_FILE } from '@helios/shared/domain/model-manifest.ts';
import { ModelRefusal } from './model-refusal.ts';

const PICKLE = /\.(?:pkl|pickle|joblib)$/i;
const MISNAMED_SCALER = /scaler.*\.json/i;
const BINARY = /\.(?:ubj|model|bin|bst)$/i;

/**
 * Refuses Python pickles and binary models whose JSON is not there: a pickle runs any code when it is read, and a scaler that stays
 * unread gives wrong numbers.
 * @throws ModelRefusal with the lines of Python that convert the file
 */
export function refuseUnreadable(files: readonly ModelFile[]): void {
  const has = (name: string) => files.some((file) => file.name === name);
  const misnamed = files.find(({ name }) => MISNAMED_SCALER.test(name))?.name;
  if (misnamed !== undefined && has(XGB_FILE) && !has(MANIFEST_FILE) && !has(SCALER_FILE))
    throw new ModelRefusal(
      'FILE_MISSING',
      `${misnamed} is not read, and a model whose inputs were scaled gives wrong numbers without its scaler. Rename it to ${SCALER_FILE}, or move it away.`,
    );
  for (const { name } of files) {
    const isScaler = /scaler/i.test(name);
    if (has(isScaler ? SCALER_FILE : XGB_FILE)) continue;
    if (PICKLE.test(name)) throw new ModelRefusal('PICKLE', isScaler ? scalerAdvice(name) : modelAdvice(name));
    if (BINARY.test(name))
      throw new ModelRefusal(
        'PICKLE',
        `${name} is a binary model of XGBoost; Helios reads its JSON. Convert it with Python:\n${binaryLines(name)}`,
      );
  }
}

function scalerAdvice(name: string): string {
  return `${name} is a Python pickle, which can run any program when it is read, so Helios does not read it. Convert it with Python:
  import joblib, json
  s = joblib.load("${name}")
  lists = {k: None if getattr(s, k) is None else [float(x) for x in getattr(s, k)] for k in ("mean_", "scale_")}
  lists["feature_names_in_"] = [str(x) for x in getattr(s, "feature_names_in_", [])] or None
  json.dump(lists, open("${SCALER_FILE}", "w"))`;
}

function modelAdvice(name: string): string {
  return `${name} is a Python pickle, which can run any program when it is read, so Helios does not read it. Convert it with Python:
  import joblib
  m = joblib.load("${name}")
  booster = m.get_booster() if hasattr(m, "get_booster") else m
  booster.feature_names = [...]  # names from docs/model.md, in the order of the training columns
  booster.save_model("${XGB_FILE}")`;
}

function binaryLines(name: string): string {
  return `  import xgboost
  booster = xgboost.Booster(model_file="${name}")
  booster.feature_names = [...]  # names from docs/model.md, in the order of the training columns
  booster.save_model("${XGB_FILE}")`;
}

import { knowledgeOf } from '@helios/core/model/known-inputs.ts';
import { loadTradingModel } from '@helios/core/model/load-trading-model.ts';
import type { ModelWatchState } from '@helios/core/model/model-in-use.ts';
import { scopeText } from '@helios/core/model/speaking-scope.ts';
import type { TradingModel } from '@helios/core/model/trading-model.ts';
import type { StrategyEngine } from '@helios/core/strategy/engine.ts';
import type { ModelStatus } from '@helios/shared/domain/model-status.ts';
import { type ModelFolderStamp, modelFolderStamp, readModelFolder } from '@helios/shared/runtime/read-model-folder.ts';
import type { Logger } from '@helios/shared/runtime/service.ts';

const MAX_NAMED_FEATURES = 10;
/** Fewer candidates may be a cold start. */
const MIN_JUDGED = 50;

interface Parts {
  /** Undefined: decide without a model. */
  readonly folder: string | undefined;
  /** A model should be there: somebody named the folder, or enabled the reason MODEL. */
  readonly isExpected?: boolean;
  readonly engine: Pick<StrategyEngine, 'useModel' | 'modelState'>;
  readonly run: string;
  readonly log: Logger;
}

/** Gives the engine the model of a folder, and the next one when its files change. */
export interface ModelLoader {
  /** Loads the files if they changed since the last call. Files that are refused change nothing: the model in use stays. */
  follow(): Promise<void>;
  /** What the model in use has said so far; `nowMs` is market time, `stampMs` the machine's. */
  status(nowMs: number, stampMs: number): ModelStatus;
}

export function createModelLoader({ folder, isExpected = false, engine, run, log }: Parts): ModelLoader {
  let stamp: ModelFolderStamp | undefined;
  let model: TradingModel | undefined;
  let refused: string | undefined;

  function refuse(code: string, message: string): void {
    // A slow copy is refused file by file: the same reason once.
    if (refused === message) return;
    refused = message;
    log.warn({ folder, code, problem: message, model: model?.name ?? 'none' }, 'model refused, the one in use stays');
  }

  function use(next: TradingModel | undefined): void {
    refused = undefined;
    if (next === undefined && folder !== undefined && isExpected)
      log.warn({ folder }, 'signals.model_dir holds no model, so none decides: check the name, or put a model there');
    if (next === undefined && model === undefined) return;
    const before = model?.name ?? 'none';
    model = next;
    engine.useModel(next);
    log.info({ model: next?.name ?? 'none', before, expires_ts: next?.manifest?.expires_ts }, 'model in use');
  }

  async function load(from: string): Promise<void> {
    const found = await modelFolderStamp(from);
    // After a refusal any file may be the one that was missing: a copy in alphabetical order writes the manifest before the trees.
    const watched = refused === undefined ? 'announced' : 'whole';
    if (found[watched] === stamp?.[watched]) return;
    const loaded = loadTradingModel(await readModelFolder(from));
    stamp = found;
    if (loaded.kind === 'REFUSED') refuse(loaded.code, loaded.message);
    else use(loaded.kind === 'LOADED' ? loaded.model : undefined);
  }

  return {
    async follow() {
      if (folder === undefined) return;
      try {
        await load(folder);
      } catch (error) {
        // A folder that cannot be read must not stop trading.
        const problem = error instanceof Error ? error.message : String(error);
        refuse('FOLDER_UNREADABLE', problem);
      }
    },
    status: (nowMs, stampMs) => statusOf({ run, model, refused, watched: engine.modelState(), nowMs, stampMs }),
  };
}

interface Known {
  readonly run: string;
  readonly model: TradingModel | undefined;
  readonly refused: string | undefined;
  readonly watched: ReturnType<StrategyEngine['modelState']>;
  readonly nowMs: number;
  readonly stampMs: number;
}

function statusOf({ run, model, refused, watched, nowMs, stampMs }: Known): ModelStatus {
  const silent = silenceOf(model, watched, nowMs);
  const { trained_ts, expires_ts } = model?.manifest ?? {};
  return {
    ...{ run, ts: stampMs, model: model?.name ?? 'none' },
    ...(trained_ts !== undefined && { trained_ts }),
    ...(expires_ts !== undefined && { expires_ts }),
    ...(model?.manifest !== undefined && { worth: model.manifest.speaks.why }),
    ...saidBy(model, silent),
    ...(refused !== undefined && { refused }),
    ...(silent !== undefined && { silent }),
    ...{ judged: watched?.judged ?? 0, spoke: watched?.spoke ?? 0, abstained: { ...watched?.abstained } },
    ...{ out_of_range: watched?.outOfRange ?? 0, window: watched?.window ?? 0, window_size: watched?.windowSize ?? 0 },
    drifted: (watched?.drifted ?? []).slice(0, MAX_NAMED_FEATURES),
    drifted_count: watched?.drifted.length ?? 0,
    ...{ outcomes: watched?.outcomes.counted ?? 0, outcome_score: watched?.outcomes.score ?? 0 },
  };
}

/** How much the model knows, and the edge by which EDGE_VS_COST judges where the model speaks. */
function saidBy(model: TradingModel | undefined, silent: string | undefined): Pick<ModelStatus, 'knows' | 'edge'> {
  const knows = knowledgeOf(model?.manifest?.inputs ?? []);
  const scope = model?.manifest?.speaks.probability ?? 'ALL';
  const edge = silent === undefined && scope.length > 0 ? model?.bestEdge : undefined;
  return {
    ...(knows !== undefined && { knows }),
    ...(edge && { edge: { mean_bp: edge.meanBp, lower_bp: edge.lowerBp } }),
  };
}

/** Why the model gives no probability on any symbol. */
function silenceOf(model: TradingModel | undefined, watched: Known['watched'], nowMs: number): string | undefined {
  const expires = model?.manifest?.expires_ts;
  if (expires !== undefined && nowMs >= expires)
    return `It expired on ${new Date(expires).toISOString().slice(0, 10)}.`;
  if (watched?.isDrifted === true) {
    const named = watched.drifted.slice(0, 3).map(({ name, psi }) => `${name} (PSI ${psi.toFixed(2)})`);
    return `${watched.drifted.length} of its features have drifted away from training, most of all ${named.join(', ')}.`;
  }
  const strange = watched === undefined ? undefined : strangersOf(watched, model?.manifest?.speaks.probability);
  if (strange !== undefined) return strange;
  if (watched?.outcomes.isAlarm === true)
    return `The outcomes of ${watched.outcomes.counted} candidates do not match its probabilities.`;
  return undefined;
}

/** Why the model knows none of the candidates so far: other symbols than its own, or other features than in training. */
function strangersOf(
  { judged, abstained }: ModelWatchState,
  scope: 'ALL' | readonly string[] | undefined,
): string | undefined {
  const { OUT_OF_RANGE: outside = 0, MAY_NOT_SPEAK: foreign = 0 } = abstained;
  // A model that may speak nowhere says so in its worth.
  const unasked = Array.isArray(scope) && scope.length > 0 ? foreign : 0;
  if (judged < MIN_JUDGED || outside + unasked < judged) return undefined;
  if (unasked === 0)
    return `Each of ${judged} candidates had too many features outside its training: it was trained on other data than these.`;
  const others = outside === 0 ? '' : `, ${outside} had too many features outside its training`;
  return `None of ${judged} candidates was for it: it ${scopeText(scope ?? 'ALL')}, and ${unasked} were of other symbols${others}.`;
}

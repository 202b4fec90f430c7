import type { FleetMode } from '@helios/shared/domain/fleet.ts';
import type { ModelStatus } from '@helios/shared/domain/model-status.ts';
import type { Condition } from './alert-codes.ts';

/** What signal-engine reports about its model: files that it refused, and a model that gives no probability. */
export function checkModel(status: ModelStatus | undefined, { run }: FleetMode): Condition[] {
  if (status?.run !== run) return [];
  const { model, refused, silent, knows } = status;
  const about = { service: 'signal-engine', subject: 'model' } as const;
  return [
    ...(refused === undefined
      ? []
      : [
          {
            ...{ ...about, code: 'MODEL_REFUSED' as const, gist: `${model}: ${refused}` },
            message: `The model in use stays: ${model}. ${refused}`,
          },
        ]),
    ...(silent === undefined
      ? []
      : [
          {
            // The numbers in the reason change with each candidate.
            ...{ ...about, code: 'MODEL_SILENT' as const, gist: model },
            message: `${model} gives no probability. ${silent}${knows === undefined ? '' : ` It ${knows}.`}`,
          },
        ]),
  ];
}

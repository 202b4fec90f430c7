import { counted, figure, intervalText, minuteText, signedFigure } from '@helios/backtest/report/format.ts';
import { absentText } from './absent-text.ts';
import type { ModelCard } from './model-card.ts';

/** When the model ends to speak and what time it is now, epoch ms. */
interface Term {
  readonly expiresTs: number;
  readonly nowMs: number;
}

/** What the command prints: the verdict first, then where it comes from. */
export function trainingText(card: ModelCard, folder: string, term: Term): string {
  const { data, full, takeAll, move } = card;
  const variants = [
    ['full model', full] as const,
    ...card.ablations.map((own) => [own.about, own] as const),
    ['take every candidate', takeAll] as const,
  ];
  return [
    card.verdict.sentence,
    '',
    `${counted(data.rows, 'candidate')} of ${counted(data.symbols.length, 'symbol')}, ${minuteText(data.firstTs)} to ${minuteText(data.lastTs)} UTC.`,
    ...absentText(data.absent),
    'Out of sample, by a purged walk-forward:',
    ...variants.map(([about, own]) => {
      const auc = own === takeAll ? '' : `AUC ${figure(own.auc.value, 3)} (${intervalText(own.auc, 3)}), `;
      const net =
        own.taken === 0 ? '' : `, ${signedFigure(own.netBp.value, 1)} bp each (${intervalText(own.netBp, 1)})`;
      return `  ${about}: ${auc}takes ${figure(own.taken, 0)} of ${figure(own.rows, 0)}${net}`;
    }),
    `  size of the move: correlation ${figure(move.correlation, 3)}, ${move.isCalibrated ? 'calibrated' : 'not calibrated, so it is not used'}`,
    '',
    `Written to ${folder}: manifest.json, the model, card.md and card.json.`,
    ...expiredText(term),
  ].join('\n');
}

/** Data of last year make a model that a fleet of today never asks. */
function expiredText({ expiresTs, nowMs }: Term): string[] {
  if (nowMs < expiresTs) return [];
  return [
    `It expired on ${minuteText(expiresTs).slice(0, 10)}, so a fleet of today does not ask it: train with newer data, or choose --valid-days. A backtest of its time asks it.`,
  ];
}

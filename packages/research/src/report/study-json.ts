import type { StudyReport } from './study-report.ts';

/** Raised by every change that older readers do not understand. */
const VERSION = 1;

/** The search and all its figures. Absent figures are left out; the logits, 12,870 numbers, too. */
export function studyJson(report: StudyReport): string {
  const { overfitting } = report;
  const content = { ...report, ...(overfitting && { overfitting: { ...overfitting, logits: undefined } }) };
  return `${JSON.stringify({ format: 'helios-search', version: VERSION, ...content })}\n`;
}

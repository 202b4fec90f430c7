import type { RestFailure } from '@helios/binance/rest/rest-answer.ts';

/** Result of one check of the doctor. */
export interface DoctorFinding {
  /** Stable name, such as `STOP_ORDER`. */
  readonly check: string;
  /**
   * NOTE: worth knowing. FAULT: live trading must not start. UNKNOWN: the check had no usable answer. SKIPPED: it does not apply
   * here.
   */
  readonly outcome: 'OK' | 'NOTE' | 'FAULT' | 'UNKNOWN' | 'SKIPPED';
  /** What was found, one sentence. */
  readonly detail: string;
  /** What the operator can do; a line for each way. */
  readonly fix?: string;
  /** A fault that forbids the start even while positions are open and need protection. */
  readonly isAbsolute?: boolean;
}

export const sound = (check: string, detail: string): DoctorFinding => ({ check, outcome: 'OK', detail });
export const note = (check: string, detail: string, fix: string): DoctorFinding => ({
  check,
  outcome: 'NOTE',
  detail,
  fix,
});
export const fault = (check: string, detail: string, fix: string): DoctorFinding => ({
  check,
  outcome: 'FAULT',
  detail,
  fix,
});
export const skipped = (check: string, detail: string): DoctorFinding => ({ check, outcome: 'SKIPPED', detail });
export const absolute = (finding: DoctorFinding): DoctorFinding => ({ ...finding, isAbsolute: true });

/** The finding for a request without a usable answer. A refusal by the venue is a fault, anything else is unknown. */
export function unanswered(check: string, { code, detail, advice }: RestFailure): DoctorFinding {
  const outcome = code === 'REJECTED' ? 'FAULT' : 'UNKNOWN';
  return { check, outcome, detail, fix: advice };
}

const SIGNS = { OK: 'ok     ', NOTE: 'note   ', FAULT: 'FAULT  ', UNKNOWN: 'unknown', SKIPPED: 'skipped' } as const;

/** Lines for the operator: the finding, and below it what to do. */
export function findingLines({ check, outcome, detail, fix }: DoctorFinding): readonly string[] {
  const line = `  ${SIGNS[outcome]}  ${check.padEnd(14)}  ${detail}`;
  return fix === undefined ? [line] : [line, ...fix.split('\n').map((text) => `${' '.repeat(27)}→ ${text}`)];
}

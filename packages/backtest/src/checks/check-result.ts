import type { ReportTable } from '../report/group-rows.ts';

/** What a check found. NOT_JUDGED: the data cannot tell. INFO: figures without a right or wrong. */
export interface CheckResult {
  readonly name: string;
  readonly verdict: 'PASSED' | 'FAILED' | 'NOT_JUDGED' | 'INFO';
  /** Plain sentences, the most important first. */
  readonly lines: readonly string[];
  readonly tables?: readonly ReportTable[];
  readonly maps?: readonly HeatMap[];
}

/** Figures of one setting over its values. */
export interface HeatMap {
  readonly title: string;
  readonly cells: readonly HeatCell[];
}

export interface HeatCell {
  readonly label: string;
  /** Decides the colour; absent without trades. */
  readonly value: number | undefined;
  readonly detail: string;
  /** The value that the settings have now. */
  readonly isCurrent: boolean;
}

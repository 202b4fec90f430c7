import { HopelessStart } from '@helios/shared/runtime/errors.ts';

/** Faults inside a recording, or between two recordings; reading continues after them. */
export const RECORDING_FAULTS = [
  ...(['BAD_LINE', 'TRUNCATED_FILE', 'CORRUPT_FILE', 'OVERLAPPING_FILES'] as const),
  // What the messages say together.
  ...(['DEPTH_GAP', 'CROSSED_BOOK', 'REPEATED_TRADE', 'NO_BOOK'] as const),
] as const;
export type RecordingFaultKind = (typeof RECORDING_FAULTS)[number];

/** One fault with its place. */
export interface RecordingFault {
  readonly kind: RecordingFaultKind;
  readonly file: string;
  /** 1-based; for a damaged file the last readable line. */
  readonly line: number;
  readonly detail: string;
}

/** The file cannot be replayed: it is missing, unreadable, or not a recording. */
export class NotARecording extends HopelessStart {
  constructor(file: string, why: string) {
    super(
      `${file} cannot be replayed: ${why}. A recording has one message per line, ` +
        '`<receive time in µs or ns> <JSON>`, plain or gzipped; name such a file.',
    );
    this.name = 'NotARecording';
  }
}

import { Records } from '@helios/shared/contracts/catalog.ts';
import type { Bus } from '@helios/shared/runtime/bus.ts';
import { skipWhileAway } from '@helios/shared/runtime/redis-outage.ts';
import type { ServiceContext } from '@helios/shared/runtime/service.ts';
import type { Ingestor } from '../publish/publisher.ts';
import type { MarketRecording } from './market-recording.ts';

const REPORT_MS = 5_000;

interface ReportOptions<P extends Ingestor> {
  readonly recording: MarketRecording | undefined;
  readonly bus: Bus<P>;
  readonly run: string;
  /** Epoch ms. */
  readonly now: () => number;
  readonly every: ServiceContext['every'];
}

/** Reports the state of a recording in Redis; monitoring-agent raises RECORDING_FAULT from it. Nothing without a recording. */
export function reportRecording<P extends Ingestor>({
  recording,
  run,
  now,
  every,
  ...options
}: ReportOptions<P>): void {
  if (recording === undefined) return;
  // Every ingestor has the rights of `Ingestor`; the compiler cannot derive that from `P`.
  const bus = options.bus as unknown as Bus<Ingestor>;
  every('report the recording', REPORT_MS, async () => {
    const { lines, dropped } = recording.counts;
    const { trouble } = recording;
    const status = { run, ts: now(), lines, dropped, ...(trouble && { trouble }) };
    await skipWhileAway(() => bus.write((batch) => batch.setRecord(Records.recordingStatus, status)));
  });
}

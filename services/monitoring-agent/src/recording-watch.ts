import type { FleetMode } from '@helios/shared/domain/fleet.ts';
import type { RecordingStatus } from '@helios/shared/domain/recording-status.ts';
import type { Condition } from './alert-codes.ts';

/** What an ingestor reports about its recording. @param isVenueAway silent streams are then no news */
export function checkRecording(
  status: RecordingStatus | undefined,
  { run, mode }: Pick<FleetMode, 'run' | 'mode'>,
  isVenueAway: boolean,
): Condition[] {
  const trouble = status?.run === run ? status.trouble : undefined;
  if (status === undefined || trouble === undefined || (isVenueAway && trouble.code === 'SILENT')) return [];
  const { code, message } = trouble;
  const lost = status.dropped === 0 ? '' : ` ${status.dropped} messages are missing since its start.`;
  return [
    {
      code: 'RECORDING_FAULT',
      service: mode === 'public' ? 'public-price-ingestor' : 'data-ingestor',
      subject: 'recording',
      message: `${message}${lost}`,
      gist: code,
      ...(code === 'SILENT' && {
        action:
          'Check that this machine reaches the streams of the venue: a firewall or proxy may refuse WebSockets. Trading goes on.',
      }),
    },
  ];
}

import type { Settings } from '@helios/shared/domain/settings.ts';
import { FrameRecorder, type FrameRecorderOptions } from './frame-recorder.ts';
import { MarketRecording } from './market-recording.ts';
import { recordingFolder, recordingLimits } from './recording-place.ts';

export interface OpenRecordingOptions extends Omit<FrameRecorderOptions, 'folder' | 'limits'> {
  readonly settings: Pick<Settings, 'recording' | 'system' | 'binance'>;
  readonly network: 'mainnet' | 'testnet';
  /** Folder of the project. */
  readonly root: string;
}

/** The recording of a service's market; undefined if it is switched off. */
export function openRecording({
  settings,
  network,
  root,
  ...options
}: OpenRecordingOptions): MarketRecording | undefined {
  if (!settings.recording.enabled) return undefined;
  const folder = recordingFolder(settings, network, root);
  options.log.info({ folder }, 'recording the market');
  return new MarketRecording(new FrameRecorder({ ...options, folder, limits: recordingLimits(settings.recording) }));
}

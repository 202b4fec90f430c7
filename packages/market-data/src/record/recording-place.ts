import { join, resolve } from 'node:path';
import { customVenueOf } from '@helios/binance/custom-venue.ts';
import type { Settings } from '@helios/shared/domain/settings.ts';
import type { RecordingLimits } from './recording-folder.ts';

const GB = 1e9;
const DAY_MS = 86_400_000;

/** Folder of the recordings of a venue: the network's name, or the address of a custom venue. @param root folder of the project */
export function recordingFolder(
  { recording, system, binance }: Pick<Settings, 'recording' | 'system' | 'binance'>,
  network: 'mainnet' | 'testnet',
  root: string,
): string {
  const folder = recording.folder === '' ? join(system.data_dir, 'recordings') : recording.folder;
  const custom = customVenueOf(network, binance);
  return resolve(root, folder, custom === undefined ? network : custom.replace(/[^A-Za-z0-9.+-]+/g, '_'));
}

/** The limits of that folder. */
export function recordingLimits({ max_gb, max_days, min_free_gb }: Settings['recording']): RecordingLimits {
  return { maxBytes: max_gb * GB, maxAgeMs: max_days * DAY_MS, minFreeBytes: min_free_gb * GB };
}

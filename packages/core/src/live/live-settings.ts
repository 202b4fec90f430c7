import type { Settings } from '@helios/shared/domain/settings.ts';

/** Settings that live trading reads. */
export type LiveSettings = Pick<Settings, 'trading' | 'risk' | 'regime' | 'fees' | 'execution' | 'signals'>;

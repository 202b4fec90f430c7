import type { Mode } from '@helios/shared/domain/fleet.ts';
import type { StrategyParams } from '@helios/shared/domain/settings.ts';

/** The current parameters. Public mode polls its books, so its confirmation window must cover several polls. */
export function paramsFor<P extends StrategyParams>(mode: Mode, params: P): P {
  if (mode !== 'public') return params;
  const { confirmation_window_ms, polled_confirmation_window_ms } = params.signals;
  const windowMs = Math.max(confirmation_window_ms, polled_confirmation_window_ms);
  return { ...params, signals: { ...params.signals, confirmation_window_ms: windowMs } };
}

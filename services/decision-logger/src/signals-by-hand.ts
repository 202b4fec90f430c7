import { Channels } from '@helios/shared/contracts/catalog.ts';
import { type ExternalOptions, ExternalSignals } from './external-signals.ts';
import { createHandMadeStops, type StopSources } from './hand-made-stops.ts';
import type { LoggerContext } from './open-books.ts';

/** Where books and instruments for the stops come from, and which signals are recorded already. */
type Sources = Pick<ExternalOptions, 'isRecorded'> & Pick<StopSources, 'freshBook' | 'instrumentOf'>;

/** Takes signals that are published by hand from the channel `trading_signals` into the stream of signals. */
export async function takeSignalsByHand(context: LoggerContext, { isRecorded, ...market }: Sources): Promise<void> {
  const { bus, settings, mode, clock, log, every } = context;
  const { run } = mode;
  const external = new ExternalSignals({
    ...{ bus, run, log, isRecorded },
    withStops: createHandMadeStops({ bus, settings, run, ...market }),
    marketNow: () => clock.now(),
    wallNow: () => Date.now(),
  });
  await bus.subscribe(Channels.tradingSignals, (message) => external.onMessage(message));
  every('take in signals published by hand', 100, () => external.takeIn());
}

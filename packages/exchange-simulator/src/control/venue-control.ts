import type { Exchange } from '../exchange.ts';
import type { ClockStepper } from './clock-stepper.ts';
import { actionControl } from './control-actions.ts';
import { clockControl } from './control-clock.ts';
import type { SiteControl } from './control-handler.ts';
import { ledgerControl } from './control-ledger.ts';
import { pageControl } from './control-page.ts';

/** The control requests of the venue, besides faults and counts. */
export function venueControl(exchange: Exchange, stepper: ClockStepper): SiteControl {
  return [
    ...clockControl(exchange, stepper),
    ...ledgerControl(exchange),
    ...actionControl(exchange),
    ...pageControl(exchange),
  ];
}

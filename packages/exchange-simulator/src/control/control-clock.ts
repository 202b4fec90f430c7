import { z } from 'zod';
import type { Exchange } from '../exchange.ts';
import { jsonReply } from '../http/reply.ts';
import type { ClockStepper } from './clock-stepper.ts';
import type { SiteControl } from './control-handler.ts';
import { readControlBody } from './read-control-body.ts';

const MAX_STEP_MS = 7 * 86_400_000;
const Step = z.strictObject({ advance_ms: z.number().int().positive().max(MAX_STEP_MS) });

/** `/control/clock`: GET shows the venue's time, POST `{"advance_ms": N}` steps it forward and plays everything until then. */
export function clockControl(exchange: Exchange, stepper: ClockStepper): SiteControl {
  const { clock } = stepper;
  const shown = () =>
    jsonReply(200, {
      now: exchange.now(),
      machine_now: clock.base(),
      stepped_ms: clock.steppedMs,
      time_speed: clock.speed,
      fault_offset_ms: exchange.offsetMs,
    });
  return [
    { method: 'GET', path: '/control/clock', answer: shown },
    {
      method: 'POST',
      path: '/control/clock',
      async answer({ body }) {
        const step = readControlBody(Step, body, 'The clock was not moved', '{"advance_ms":60000}');
        if ('refused' in step) return step.refused;
        await stepper.advanceBy(step.value.advance_ms);
        return shown();
      },
    },
  ];
}

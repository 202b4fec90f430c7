import { z } from 'zod';
import { EpochMs, RunLabel } from './primitives.ts';

/** One metric with its values by label; base units as in Prometheus (seconds, bytes). An unknown value is absent. */
export const Metric = z.strictObject({
  name: z.string(),
  help: z.string(),
  type: z.enum(['counter', 'gauge']),
  values: z.array(z.strictObject({ labels: z.record(z.string(), z.string()), value: z.number() })),
});
export type Metric = z.infer<typeof Metric>;

/** All metrics of a run at one time. */
export const FleetMetrics = z.strictObject({
  run: RunLabel,
  /** Time of gathering, by the machine's clock. */
  ts: EpochMs,
  metrics: z.array(Metric),
});
export type FleetMetrics = z.infer<typeof FleetMetrics>;

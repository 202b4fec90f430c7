import type { Metric } from '@helios/shared/domain/metrics.ts';
import { Counter, Gauge, Registry } from 'prom-client';

/** The metrics in Prometheus' text format. A metric without values is left out: the library would print it as 0. */
export async function prometheusText(metrics: readonly Metric[]): Promise<{ text: string; contentType: string }> {
  const registry = new Registry();
  for (const { name, help, type, values } of metrics) {
    if (values.length === 0) continue;
    const labelNames = Object.keys(values[0]?.labels ?? {});
    const options = { name, help, labelNames, registers: [registry] };
    if (type === 'counter') {
      const counter = new Counter(options);
      for (const { labels, value } of values) counter.inc(labels, value);
    } else {
      const gauge = new Gauge(options);
      for (const { labels, value } of values) gauge.set(labels, value);
    }
  }
  return { text: await registry.metrics(), contentType: registry.contentType };
}

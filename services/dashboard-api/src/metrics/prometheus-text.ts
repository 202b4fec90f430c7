import type { Metric } from '@helios/shared/domain/http-replies.ts';
import { Counter, Gauge, Registry } from 'prom-client';

/** The metrics in Prometheus' text format. */
export async function prometheusText(metrics: readonly Metric[]): Promise<{ text: string; contentType: string }> {
  const registry = new Registry();
  for (const { name, help, type, values } of metrics) {
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

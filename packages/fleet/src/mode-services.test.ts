import { describe, expect, it } from 'vitest';
import { servicesOf } from './mode-services.ts';

const EVERYWHERE = ['dashboard-api', 'decision-logger', 'monitoring-agent', 'signal-engine'];

describe('servicesOf', () => {
  it.each([
    ['live', ['data-ingestor', 'execution-manager', 'risk-manager']],
    ['public', ['public-price-ingestor']],
    ['synthetic', ['data-ingestor']],
  ] as const)('%s', (mode, own) => {
    expect([...servicesOf(mode, { redditEnabled: false })].sort()).toEqual([...EVERYWHERE, ...own].sort());
    expect([...servicesOf(mode, { redditEnabled: true })].sort()).toEqual(
      [...EVERYWHERE, ...own, 'reddit-ingestor'].sort(),
    );
  });

  it('starts the market data last, after all its readers', () => {
    for (const mode of ['live', 'public', 'synthetic'] as const) {
      expect(servicesOf(mode, { redditEnabled: true }).at(-1)).toMatch(/^(data|public-price)-ingestor$/);
    }
  });
});

import { ServiceName } from '@helios/shared/domain/fleet.ts';
import { describe, expect, it } from 'vitest';
import { serviceCommand, serviceEnvironment } from './service-command.ts';

describe('serviceEnvironment', () => {
  it('hands the secret to execution-manager only, and to each its session', () => {
    const env = { BINANCE_API_KEY: 'k', BINANCE_API_SECRET: 's', PATH: '/bin' };
    const knowing = ServiceName.options.filter((name) => 'BINANCE_API_SECRET' in serviceEnvironment(env, name, 'one'));
    expect(knowing).toEqual(['execution-manager']);
    expect(serviceEnvironment(env, 'signal-engine', 'one')).toEqual({
      BINANCE_API_KEY: 'k',
      PATH: '/bin',
      HELIOS_SESSION: 'one',
    });
    expect(env.BINANCE_API_SECRET).toBe('s');
  });
});

describe('serviceCommand', () => {
  it('knows no command for a service that is not there', () => {
    expect(serviceCommand('/nowhere', 'signal-engine')).toBeUndefined();
  });
});

import { existsSync } from 'node:fs';
import { join } from 'node:path';
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
  it.each(ServiceName.options)('runs %s from a file that is there', (name) => {
    const { command, args } = serviceCommand(join(import.meta.dirname, '../../..'), name);
    expect(command).toBe(process.execPath);
    expect(existsSync(args.at(-1) ?? '')).toBe(true);
  });
});

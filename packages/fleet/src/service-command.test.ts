import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ServiceName } from '@helios/shared/domain/fleet.ts';
import { SECRET_HOLDERS } from '@helios/shared/domain/settings/secret-holders.ts';
import { ALL_SETTINGS } from '@helios/shared/runtime/config/setting-names.ts';
import { describe, expect, it } from 'vitest';
import { serviceCommand, serviceEnvironment } from './service-command.ts';

const FACTS = { session: 'one', modeDigest: 'd1' };

describe('serviceEnvironment', () => {
  it('passes each secret to its holders only, under all its names, and session and mode to each service', () => {
    const secrets = ALL_SETTINGS.filter(({ setting }) => setting.secret === true);
    const names = secrets.flatMap(({ environmentNames }) => environmentNames);
    const env = { ...Object.fromEntries(names.map((name) => [name, `of-${name}`])), PATH: '/bin' };
    for (const { path, environmentNames } of secrets)
      for (const name of environmentNames) {
        const knowing = ServiceName.options.filter((service) => name in serviceEnvironment(env, service, FACTS));
        expect([name, knowing]).toEqual([name, SECRET_HOLDERS[path as keyof typeof SECRET_HOLDERS]]);
      }
    expect(serviceEnvironment({ BINANCE_API_SECRET: 's', PATH: '/bin' }, 'signal-engine', FACTS)).toEqual({
      PATH: '/bin',
      HELIOS_SESSION: 'one',
      HELIOS_MODE_DIGEST: 'd1',
    });
  });

  it('lists the holders of every secret setting', () => {
    const secrets = ALL_SETTINGS.filter(({ setting }) => setting.secret === true).map(({ path }) => path);
    expect(Object.keys(SECRET_HOLDERS).toSorted()).toEqual(secrets.toSorted());
  });

  it('adds the generated password of the private Redis', () => {
    const given = serviceEnvironment({ REDIS_PASSWORD: '' }, 'signal-engine', { ...FACTS, redisPassword: 'made' });
    expect(given['REDIS_PASSWORD']).toBe('made');
  });
});

describe('serviceCommand', () => {
  it.each(ServiceName.options)('runs %s from an existing file', (name) => {
    const { command, args } = serviceCommand(join(import.meta.dirname, '../../..'), name);
    expect(command).toBe(process.execPath);
    expect(existsSync(args.at(-1) ?? '')).toBe(true);
  });
});

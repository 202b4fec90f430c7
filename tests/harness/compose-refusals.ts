import { freePort } from '@helios/shared/testing/free-port.ts';
import { expect, it } from 'vitest';
import { type NewProject, services } from './compose-project.ts';

/** Tests of settings with which nothing may start. */
export function testRefusedSettings(newProject: NewProject): void {
  it.each([
    [
      { LEVRAGE: '10' },
      /\.env line \d+: unknown setting LEVRAGE\. The nearest is LEVERAGE\. See docs\/configuration\.md for all names\./,
    ],
    [{ REDIS_PASSWORD: 'change-this-password' }, /redis_password: the password is a placeholder from a template/],
    [{ DASHBOARD_PASSWORD: 'your-password-here' }, /dashboard\.password: the password is a placeholder/],
    [{ BINANCE_API_KEY: '\u200bvmPUZE6mv9SD5VNH' }, /BINANCE_API_KEY has a ZERO WIDTH SPACE \(U\+200B\)/],
  ])(
    'fails on %j in .env, with the message of npm start',
    async (variables, words) => {
      const refused = newProject({ REDIS_PASSWORD: 'abc-for-a-test', ALLOW_SYNTHETIC: 'true', ...variables });
      const up = await refused.run(['up', '--detach', 'mode-resolver'], 120_000);
      expect(up.code).not.toBe(0);
      const { stdout } = await refused.run(['logs', '--no-color', 'settings-check']);
      expect(stdout).toMatch(words);
      expect(stdout).not.toMatch(/^\s+at |vmPUZE6/m);
      expect((await refused.inspect())['mode-resolver']?.State.Status ?? 'created').toBe('created');
    },
    180_000,
  );

  it('refuses to start if no mode is allowed, gives the reason, and does not loop without a pause', async () => {
    const refused = newProject({
      ALLOW_PUBLIC_MODE: 'false',
      REDIS_PASSWORD: 'abc-for-a-test',
      DASHBOARD_PORT: String(await freePort()),
    });
    const up = await refused.run(['up', '--detach'], 120_000);
    expect(up.code).not.toBe(0);
    expect(up.stderr).toContain('unhealthy');
    const { stdout } = await refused.run(['logs', '--no-color', 'mode-resolver']);
    for (const wayOut of ['ALLOW_SYNTHETIC', 'BINANCE_API_KEY']) expect(stdout).toContain(wayOut);
    const containers = await refused.inspect();
    expect(containers['mode-resolver']?.RestartCount).toBeLessThanOrEqual(1);
    for (const service of services) expect(containers[service]?.State.Status ?? 'created').toBe('created');
  }, 180_000);
}

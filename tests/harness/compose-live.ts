import { freePort } from '@helios/shared/testing/free-port.ts';
import { beforeAll, expect, it } from 'vitest';
import { BUSY_LIVE, LIVE_KEY, type TrueAccount } from '../live/live-fleet.ts';
import { type ComposeProject, type NewProject, until } from './compose-project.ts';

const PASSWORD = 'a-password-for-this-test';
/** Ports inside the container of the local exchange. */
const [VENUE_PORT, CONTROL_PORT] = [9090, 9091];

/** A position opens soon and stays open: its stop is far away, and it has time. */
const STAYS_OPEN = { RISK_MAX_HOLD_SEC: '900', RISK_REVERSAL_EXIT: 'off', RISK_MIN_STOP_PCT: '2' };

/** The local exchange as one more container of the project; only its control port is published. */
function exchangeContainer(image: string, controlPort: number) {
  const options = {
    ...{ host: '0.0.0.0', port: VENUE_PORT, controlPort: CONTROL_PORT, key: LIVE_KEY, past: 'made-up' },
    market: { kind: 'generator', symbols: ['BTCUSDT'] },
  };
  const script = `const { startExchange } = await import('/app/packages/exchange-simulator/src/start-exchange.ts');
    await startExchange(${JSON.stringify(options)});`;
  return {
    ...{ image, init: true, command: ['node', '--input-type=module', '--eval', script] },
    ports: [`127.0.0.1:${controlPort}:${CONTROL_PORT}`],
  };
}

/** Tests of live mode: the fleet in containers trades on a local exchange in another one. */
export function testLiveCompose(image: string, newProject: NewProject): void {
  let project: ComposeProject;
  let site: string;
  let controlUrl: string;
  let cookie = '';

  const ask = async (path: string, body?: unknown): Promise<{ status: number; body: Record<string, unknown> }> => {
    const headers = { cookie, 'content-type': 'application/json' };
    const sent = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
    const answer = await fetch(site + path, { headers, ...sent });
    cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? cookie;
    return { status: answer.status, body: JSON.parse(await answer.text()) };
  };
  const press = (action: 'start' | 'stop' | 'flatten') => ask('/api/control', { action });
  const trading = async () => (await ask('/api/state')).body['trading'] as { state: string; reason: string };
  async function account(): Promise<TrueAccount> {
    const { accounts } = JSON.parse(await (await fetch(`${controlUrl}/control/accounts`)).text());
    return accounts[0];
  }
  async function isCovered(): Promise<boolean> {
    const positions = (await ask('/api/positions')).body['positions'] as { cover?: { state: string } }[];
    return positions.length === 1 && positions[0]?.cover?.state === 'COVERED';
  }

  beforeAll(async () => {
    const [port, controlPort] = [await freePort(), await freePort()];
    site = `http://127.0.0.1:${port}`;
    controlUrl = `http://127.0.0.1:${controlPort}`;
    project = newProject(
      {
        ...{ ALLOW_PUBLIC_MODE: '', REDIS_PASSWORD: 'abc-for-a-test', TRADING_SYMBOLS: 'BTCUSDT' },
        ...{ DASHBOARD_PORT: String(port), DASHBOARD_PASSWORD: PASSWORD, ...BUSY_LIVE, ...STAYS_OPEN },
        ...{ BINANCE_API_KEY: LIVE_KEY.apiKey, BINANCE_API_SECRET: LIVE_KEY.apiSecret },
        ...{ BINANCE_REST_URL: `http://exchange:${VENUE_PORT}`, BINANCE_STREAM_URL: `ws://exchange:${VENUE_PORT}` },
      },
      { containers: { exchange: exchangeContainer(image, controlPort) } },
    );
    const up = await project.run(['up', '--detach'], 120_000);
    if (up.code !== 0) throw new Error(`up failed:\n${up.stderr}\n${await project.complaint()}`);
    await until('all containers healthy', 90_000, () => project.allHealthy());
    expect((await ask('/api/login', { password: PASSWORD })).status).toBe(200);
  }, 240_000);

  it('is HALTED, and only execution-manager and the mode resolver, which runs the doctor, have the key', async () => {
    expect(await trading()).toMatchObject({ state: 'HALTED', reason: 'first live start: press Start to trade' });
    const containers = Object.entries(await project.inspect());
    for (const text of Object.values(LIVE_KEY)) {
      const holders = containers.filter(([, { Config }]) => Config.Env.some((variable) => variable.includes(text)));
      expect(holders.map(([name]) => name)).toEqual(['execution-manager', 'mode-resolver']);
    }
    const doctor = await project.run(['run', '--rm', '-T', 'mode-resolver', 'helios', 'doctor']);
    expect(doctor.stdout.trim(), doctor.stderr).toMatch(/Ready for live trading\.$/);
  });

  it('opens a covered position after Start, and keeps it after Stop', async () => {
    await until('Start is not refused', 60_000, async () => (await press('start')).status === 200);
    await until('a covered position', 60_000, isCovered);
    expect((await press('stop')).status).toBe(200);
    expect((await trading()).state).toBe('REDUCING');
    const { positions, open_algo_orders } = await account();
    expect([positions.length, open_algo_orders.length]).toEqual([1, 1]);
  });

  it('has the same position, covered, after kill -9 of execution-manager', async () => {
    const before = await account();
    const startedTs = Date.now();
    await project.tryExec('execution-manager', 'sh', '-c', 'kill -9 $(pidof node)');
    await until('the container restarted', 30_000, async () => {
      return ((await project.inspect())['execution-manager']?.RestartCount ?? 0) > 0;
    });
    await until('a report of the new process', 60_000, async () => {
      const { live, live_age_ms } = (await ask('/api/account')).body as {
        live?: { reconciled_ts?: number };
        live_age_ms?: number;
      };
      return (live?.reconciled_ts ?? 0) > startedTs && Number(live_age_ms) < 5_000;
    });
    await until('covered', 20_000, isCovered);
    const after = await account();
    expect(after.positions).toEqual(before.positions);
    expect(after.open_algo_orders.length).toBe(1);
    expect((await trading()).state).toBe('REDUCING');
  });

  it('is flat at the venue after Flatten, and HALTED', async () => {
    expect((await press('flatten')).status).toBe(200);
    await until('HALTED', 60_000, async () => (await trading()).state === 'HALTED');
    expect((await trading()).reason).toMatch(/everything is closed$/);
    const { positions, open_orders, open_algo_orders } = await account();
    expect([positions, open_orders, open_algo_orders]).toEqual([[], [], []]);
  });

  it('writes the report of helios panic, and shows the secret nowhere', async () => {
    const said = await project.exec('execution-manager', 'helios', 'panic', '--yes');
    expect(said).toMatch(/^FLAT: two readings show no position and no order/m);
    expect(said).toMatch(/^Report: \/app\/logs\/panic-/m);
    const { stdout, stderr } = await project.run(['logs', '--no-color']);
    expect(stdout.length).toBeGreaterThan(1_000);
    expect(stdout + stderr).not.toContain(LIVE_KEY.apiSecret);
  });
}

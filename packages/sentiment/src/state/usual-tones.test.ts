import { CoinTones } from '@helios/shared/domain/coin-tones.ts';
import { describe, expect, it } from 'vitest';
import { UsualTones } from './usual-tones.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Midnight UTC. */
const START = 19_700 * DAY;

/** Hears a tone each hour. */
function hearHours(tones: UsualTones, name: string, count: number, tone: (hour: number) => number, fromMs = START) {
  for (let hour = 0; hour < count; hour += 1)
    tones.hear(name, { basis: 'OK', tone: tone(hour) }, fromMs + hour * HOUR + 60_000);
  return fromMs + count * HOUR;
}

describe('the usual tone', () => {
  it('is unknown before 72 hours with enough items, and then the mean of each coin', () => {
    const tones = new UsualTones('auto');
    hearHours(tones, 'BTC', 71, () => 0.1);
    expect(tones.of('BTC', START + 71 * HOUR)).toBeUndefined();
    hearHours(tones, 'BTC', 1, () => 0.82, START + 71 * HOUR);
    hearHours(tones, 'DOGE', 72, () => 0.4);
    const now = START + 72 * HOUR;
    expect(tones.of('BTC', now)).toBeCloseTo(0.11, 10);
    expect(tones.of('DOGE', now)).toBeCloseTo(0.4, 10);
    expect(tones.of('ETH', now)).toBeUndefined();
  });

  it('counts an hour once, and none without enough items', () => {
    const tones = new UsualTones('auto');
    const heard = ['NEW', 'OK', 'THIN', 'STALE'] as const;
    const counted = heard.map((basis, n) => tones.hear('BTC', { basis, tone: 0.2 }, START + n * HOUR));
    expect(counted).toEqual([true, true, false, false]);
    expect(tones.hear('BTC', { basis: 'OK', tone: 0.2 }, START + HOUR + 59 * 60_000)).toBe(false);
    expect(tones.history()).toEqual({ BTC: { days: [{ day: 19_700, sum: 0.4, hours: 2 }], hour: START / HOUR + 1 } });
  });

  it('forgets what is older than two weeks', () => {
    const tones = new UsualTones('auto');
    const endMs = hearHours(tones, 'BTC', 20 * 24, (hour) => (hour < 6 * 24 ? 0.9 : 0.1));
    expect(tones.of('BTC', endMs - HOUR)).toBeCloseTo(0.1, 10);
    expect(tones.history()['BTC']?.days).toHaveLength(14);
    expect(tones.of('BTC', endMs + 14 * DAY)).toBeUndefined();
  });

  it('is the same after a restart', () => {
    const [tones, restarted] = [new UsualTones('auto'), new UsualTones('auto')];
    const endMs = hearHours(tones, 'global', 100, (hour) => hour / 1_000);
    restarted.restore(JSON.parse(JSON.stringify(tones.history())));
    for (const each of [tones, restarted]) hearHours(each, 'global', 10, () => 0.5, endMs - HOUR);
    expect(restarted.of('global', endMs + 9 * HOUR)).toBe(tones.of('global', endMs + 9 * HOUR));
    expect(restarted.history()).toEqual(tones.history());
  });

  it('goes on after the clock was set back, without hours from the future', () => {
    const tones = new UsualTones('auto');
    hearHours(tones, 'BTC', 10 * 24, (hour) => (hour < 5 * 24 ? 0.1 : 0.9));
    const backMs = START + 4 * DAY + 30 * 60_000;
    expect(tones.of('BTC', backMs)).toBeCloseTo(0.1, 10);
    // That day is full already; the next one counts again.
    hearHours(tones, 'BTC', 48, () => 0.1, START + 4 * DAY);
    expect(CoinTones.safeParse(tones.history()['BTC']).success).toBe(true);
    expect(tones.of('BTC', START + 6 * DAY - HOUR)).toBeCloseTo(0.1, 10);
  });

  it('is the set one for all where the setting is a number', () => {
    const tones = new UsualTones(0.18);
    expect([tones.of('BTC', START), tones.of('global', START)]).toEqual([0.18, 0.18]);
    expect(tones.hear('BTC', { basis: 'OK', tone: 0.5 }, START)).toBe(false);
  });

  it('keeps 500 names at most, those heard last', () => {
    const tones = new UsualTones('auto');
    for (let n = 0; n < 510; n += 1) tones.hear(`C${n}`, { basis: 'OK', tone: 0 }, START);
    expect(Object.keys(tones.history())).toHaveLength(500);
    expect(tones.history()['C9']).toBeUndefined();
  });
});

import type { SettingValue } from '../../domain/settings/setting.ts';
import type { SettingsFault } from './settings-error.ts';

/** What `system.redis_url` stands for, by `section.key`. */
export type RedisUrlParts = Readonly<Record<(typeof PARTS)[number], SettingValue>>;

/** The settings that an address takes the place of. */
const PARTS = [
  'system.redis_host',
  'system.redis_port',
  'system.redis_db',
  'system.redis_username',
  'system.redis_password',
  'system.redis_tls',
] as const;

const MAY_STAND_APART: ReadonlySet<string> = new Set(['system.redis_username', 'system.redis_password']);

const FORM = 'Write redis://host:6379/0, redis://user:password@host:6379/0, or rediss://… for TLS';

/** Takes `redis://` and `rediss://` addresses apart; a fault never quotes the address, which may hold a password. */
export function parseRedisUrl(text: string): RedisUrlParts | Pick<SettingsFault, 'what' | 'fix'> {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !['redis:', 'rediss:'].includes(url.protocol) || url.hostname === '')
    return { what: 'is no address of a Redis', fix: FORM };
  const db = /^\/?$/.test(url.pathname) ? '0' : url.pathname.slice(1);
  if (!/^([0-9]|1[0-5])$/.test(db)) return { what: 'names no database from 0 to 15 behind the port', fix: FORM };
  if (url.search !== '' || url.hash !== '') return { what: 'holds more than host, port and database', fix: FORM };
  try {
    return {
      'system.redis_host': url.hostname.replace(/^\[|\]$/g, ''),
      'system.redis_port': url.port === '' ? 6379 : Number(url.port),
      'system.redis_db': Number(db),
      'system.redis_username': decodeURIComponent(url.username),
      'system.redis_password': decodeURIComponent(url.password),
      'system.redis_tls': url.protocol === 'rediss:',
    };
  } catch {
    return { what: 'holds a % that begins no character code', fix: 'Write a % in user or password as %25' };
  }
}

/**
 * Puts what the address says into `values`, in place of the settings it stands for.
 * @returns what is wrong: the address itself, or one of those settings that is set besides and says otherwise
 */
export function applyRedisUrl<O extends string>(
  values: Map<string, SettingValue>,
  origins: Record<string, O>,
): SettingsFault[] {
  const text = String(values.get('system.redis_url') ?? '');
  const origin = origins['system.redis_url'];
  if (text === '' || origin === undefined) return [];
  const parts = parseRedisUrl(text);
  if ('what' in parts) return [{ where: origin, what: `system.redis_url ${parts.what}`, fix: String(parts.fix) }];
  const faults: SettingsFault[] = [];
  for (const path of PARTS) {
    const own = origins[path];
    // An address without user or password leaves those of the settings: a password is better kept out of an address.
    if (MAY_STAND_APART.has(path) && parts[path] === '' && own !== 'default') continue;
    if (own !== 'default' && values.get(path) !== parts[path])
      faults.push({
        where: `${origin} and ${own}`,
        what: `system.redis_url and ${path} say different things`,
        fix: 'Remove one of the two',
      });
    values.set(path, parts[path]);
    origins[path] = origin;
  }
  return faults;
}

import type { SettingValue } from '../../domain/settings/setting.ts';
import type { SettingsFault } from './settings-error.ts';

/** The settings in `system.redis_url`, by `section.key`. */
export type RedisUrlParts = Readonly<Record<(typeof PARTS)[number], SettingValue>>;

/** The settings that the address replaces. */
const PARTS = [
  'system.redis_host',
  'system.redis_port',
  'system.redis_db',
  'system.redis_username',
  'system.redis_password',
  'system.redis_tls',
] as const;

const MAY_BE_SEPARATE: ReadonlySet<string> = new Set(['system.redis_username', 'system.redis_password']);

const FORM = 'Write redis://host:6379/0, redis://user:password@host:6379/0, or rediss://… for TLS';

/** Parses `redis://` and `rediss://` addresses. A fault never contains the address, which may hold a password. */
export function parseRedisUrl(text: string): RedisUrlParts | Pick<SettingsFault, 'what' | 'fix'> {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !['redis:', 'rediss:'].includes(url.protocol) || url.hostname === '')
    return { what: 'is not a Redis address', fix: FORM };
  const db = /^\/?$/.test(url.pathname) ? '0' : url.pathname.slice(1);
  if (!/^([0-9]|1[0-5])$/.test(db)) return { what: 'has no database number from 0 to 15 after the port', fix: FORM };
  if (url.search !== '' || url.hash !== '') return { what: 'has more than host, port and database', fix: FORM };
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
    return { what: 'has a % without a character code', fix: 'Write a % in user or password as %25' };
  }
}

/**
 * Writes the parts of the address into `values`, in place of the single settings.
 * @returns faults: an invalid address, or a single setting that contradicts it
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
    // An address without user or password keeps those of the single settings, so that a password need not be in the address.
    if (MAY_BE_SEPARATE.has(path) && parts[path] === '' && own !== 'default') continue;
    if (own !== 'default' && values.get(path) !== parts[path])
      faults.push({
        where: `${origin} and ${own}`,
        what: `system.redis_url and ${path} contradict each other`,
        fix: 'Remove one of the two',
      });
    values.set(path, parts[path]);
    origins[path] = origin;
  }
  return faults;
}

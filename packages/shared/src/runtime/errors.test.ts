import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { BusFault, BusUnavailable, busErrorOf } from './errors.ts';

const place = { host: 'redis.local', port: 6380 };

/** The name that the client library gives to errors of Redis itself. */
function reply(message: string): Error {
  return Object.assign(new Error(message), { name: 'ReplyError' });
}

test.each([
  ['connect ECONNREFUSED 127.0.0.1:6380', 'REDIS_UNAVAILABLE', /Start it, or correct REDIS_HOST and REDIS_PORT/],
  ['getaddrinfo ENOTFOUND redis.local', 'REDIS_UNAVAILABLE', /ENOTFOUND/],
  ['WRONGPASS invalid username-password pair or user is disabled.', 'REDIS_AUTH', /Set REDIS_PASSWORD/],
  ['NOAUTH Authentication required.', 'REDIS_AUTH', /Set REDIS_PASSWORD/],
  ['LOADING Redis is loading the dataset in memory', 'REDIS_LOADING', /continues when it is done/],
  ["READONLY You can't write against a read only replica.", 'REDIS_READONLY', /primary/],
  ["OOM command not allowed when used memory > 'maxmemory'.", 'REDIS_OUT_OF_MEMORY', /maxmemory/],
  ['MISCONF Errors writing to the AOF file: No space left on device', 'REDIS_DISK', /Free disk space/],
  ['MISCONF Redis is configured to save RDB snapshots, but is unable to persist to disk', 'REDIS_DISK', /disk/],
  [
    "CROSSSLOT Keys in request don't hash to the same slot",
    'REDIS_CLUSTER',
    /REDIS_HOST and REDIS_PORT to a single Redis/,
  ],
  ['MOVED 3999 127.0.0.1:6381', 'REDIS_CLUSTER', /cluster/],
  ['CLUSTERDOWN Hash slot not served', 'REDIS_CLUSTER', /cluster/],
  ["NOPERM this user has no permissions to run the 'xadd' command", 'REDIS_PERMISSION', /ACL SETUSER .*REDIS_USERNAME/],
  ['self-signed certificate', 'REDIS_TLS', /REDIS_TLS_CA/],
  ['timed out after 1000 ms', 'REDIS_TIMEOUT', /did not answer in time/],
  ['connect ETIMEDOUT', 'REDIS_TIMEOUT', /did not answer in time/],
])('"%s" is %s, with place, cause and advice', (said, code, wayOut) => {
  const error = busErrorOf(/^[A-Z]+ /.test(said) ? reply(said) : new Error(said), place);
  expect(error).toBeInstanceOf(BusUnavailable);
  expect(error.code).toBe(code);
  expect(error.message).toMatch(wayOut);
  expect(error.message).toContain('redis.local:6380');
  expect(error.message).toContain(said);
});

test('a discarded transaction gets the code of its first error', () => {
  const discarded = Object.assign(reply('EXECABORT Transaction discarded because of previous errors.'), {
    previousErrors: [reply("OOM command not allowed when used memory > 'maxmemory'.")],
  });
  expect(busErrorOf(discarded, place).code).toBe('REDIS_OUT_OF_MEMORY');
});

test('a network error stays as the cause; that of a reply does not, because it contains the command with its secrets', () => {
  const refused = new Error('connect ECONNREFUSED');
  expect(busErrorOf(refused, place).cause).toBe(refused);
  const command = { name: 'auth', args: ['hunter2hunter2'] };
  const wrong = Object.assign(reply('WRONGPASS invalid'), { command });
  expect(inspect(busErrorOf(wrong, place), { depth: 10 })).not.toContain('hunter2hunter2');
});

test('a refusal of the request itself is a fault, not an outage', () => {
  const error = busErrorOf(reply('ERR DB index is out of range'), place);
  expect(error).toBeInstanceOf(BusFault);
  expect(error.code).toBe('REDIS_REQUEST');
  expect(error.message).toBe('Redis at redis.local:6380 refused a command: ERR DB index is out of range.');
});

test.each([
  [['hgetall', 'open_positions'], 'open_positions'],
  [['xadd', 'alerts', 'MAXLEN', '~', 100, '*', 'message', 'hunter2hunter2'], 'alerts'],
  [['XGROUP', 'CREATE', 'logs', 'monitoring-agent', '0', 'MKSTREAM'], 'logs'],
  [['XREADGROUP', 'GROUP', 'g', 'g', 'COUNT', 9, 'STREAMS', 'signals', '>'], 'signals'],
])('a key of another type is named: %j', ([name = '', ...args], key) => {
  const said = 'WRONGTYPE Operation against a key holding the wrong kind of value';
  const noted = busErrorOf(Object.assign(reply(said), { command: { name, args } }), place);
  for (const error of [noted, busErrorOf(reply(said), place, [String(name), ...args])]) {
    expect(error).toBeInstanceOf(BusFault);
    expect(error.message).toContain(`refused the key ${key}: WRONGTYPE`);
    expect(error.message).toContain(`(npm run redis -- DEL ${key})`);
    expect(error.message).not.toContain('hunter2');
  }
});

test('if several keys were read at once, the message names none for deletion', () => {
  const command = ['XREADGROUP', 'GROUP', 'g', 'g', 'STREAMS', 'signals', 'refusals', '>', '>'] as const;
  const { message } = busErrorOf(reply('WRONGTYPE Operation against a key'), place, command);
  expect(message).toContain('refused the key signals or refusals: ');
  expect(message).toContain('(npm run redis -- DEL <key>)');
});

test('a translated error is not translated again', () => {
  const error = new BusUnavailable('REDIS_LOADING', 'x');
  expect(busErrorOf(error, place)).toBe(error);
});

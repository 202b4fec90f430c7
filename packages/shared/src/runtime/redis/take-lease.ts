/**
 * Takes or renews a lease in one step. KEYS: the record. ARGV: holder, time to live in ms. Returns the token, or 0 if somebody else
 * holds it. The record stays after its end, so that the next token is greater.
 */
export const TAKE_LEASE = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local holder = redis.call('HGET', KEYS[1], 'holder')
local token = tonumber(redis.call('HGET', KEYS[1], 'token') or '0')
local expires = tonumber(redis.call('HGET', KEYS[1], 'expires_ts') or '0')
if holder ~= ARGV[1] then
  if expires > now then return 0 end
  token = token + 1
end
redis.call('HSET', KEYS[1], 'holder', ARGV[1], 'token', string.format('%d', token), 'expires_ts', string.format('%d', now + ARGV[2]))
return token
`;

import { readFileSync } from 'node:fs';
import { endianness } from 'node:os';

/** State of a listening socket in /proc/net/tcp. */
const LISTENS = '0A';
const LOOPBACK_6 = '00000000000000000000000001000000';
const ANY = new Set(['0'.repeat(8), '0'.repeat(32)]);

/**
 * The id of the user whose program listens on a TCP port of this machine. Undefined if none listens, or if the system is not
 * Linux.
 * @param host a loopback address or localhost
 */
export function listenerUser(host: string, port: number): number | undefined {
  if (endianness() !== 'LE') return undefined;
  const rows = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap(readRows).filter((row) => row.port === port);
  const own = new Set(formsOf(host));
  return (rows.find(({ address }) => own.has(address)) ?? rows.find(({ address }) => ANY.has(address)))?.user;
}

/** The kernel's text for a host address: groups of four bytes, the last byte first. */
function formsOf(host: string): string[] {
  if (host === 'localhost') return [...formsOf('127.0.0.1'), LOOPBACK_6];
  if (host === '::1') return [LOOPBACK_6];
  return [Buffer.from(host.split('.').toReversed().map(Number)).toString('hex').toUpperCase()];
}

interface Row {
  readonly address: string;
  readonly port: number;
  readonly user: number;
}

function readRows(file: string): Row[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    // Not Linux, or without IPv6.
    return [];
  }
  return text.split('\n').flatMap((line) => {
    const [, local = '', , state, , , , user] = line.trim().split(/\s+/);
    const [address = '', port = ''] = local.split(':');
    return state === LISTENS ? [{ address, port: Number.parseInt(port, 16), user: Number(user) }] : [];
  });
}

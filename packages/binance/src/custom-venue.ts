import { restUrlOf } from './rest/venue-hosts.ts';
import { streamUrlOf } from './streams/stream-hosts.ts';

type Network = 'mainnet' | 'testnet';

/** The venue's addresses in the settings; an empty address means the network's own. */
export interface VenueAddresses {
  readonly rest_url: string;
  readonly stream_url: string;
}

/**
 * The address of a custom venue, `host:port` plus the path if there is one; undefined for the network's own venue. If REST and
 * streams have different addresses, both are named: `127.0.0.1:9090+127.0.0.1:9091`.
 */
export function customVenueOf(network: Network, { rest_url, stream_url }: VenueAddresses): string | undefined {
  const rest = addressOf(restUrlOf(network, rest_url));
  const stream = addressOf(streamUrlOf(network, stream_url));
  const isOwn = rest === addressOf(restUrlOf(network, '')) && stream === addressOf(streamUrlOf(network, ''));
  if (isOwn) return undefined;
  return rest === stream ? rest : `${rest}+${stream}`;
}

/** The REST address of a custom venue, for public mode, which uses REST only; undefined for the network's own. */
export function customRestVenueOf(network: Network, rest_url: string): string | undefined {
  const rest = addressOf(restUrlOf(network, rest_url));
  return rest === addressOf(restUrlOf(network, '')) ? undefined : rest;
}

const PORTS: Readonly<Record<string, string>> = { 'http:': '80', 'ws:': '80', 'https:': '443', 'wss:': '443' };

function addressOf(url: string): string {
  const { protocol, hostname, port, pathname } = new URL(url);
  return `${hostname}:${port || PORTS[protocol]}${pathname.replace(/\/+$/, '')}`;
}

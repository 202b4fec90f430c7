import { restUrlOf } from '@helios/binance/rest/venue-hosts.ts';
import { streamUrlOf } from '@helios/binance/streams/stream-hosts.ts';
import type { Settings } from '@helios/shared/domain/settings.ts';
import { absolute, type DoctorFinding, fault, note, sound } from './finding.ts';

type Network = 'mainnet' | 'testnet';
const NETWORKS: readonly Network[] = ['mainnet', 'testnet'];

/** Checks that REST and streams belong to the network of the settings: real orders on “test” addresses cost real money. */
export function checkAddresses({ testnet, rest_url, stream_url }: Settings['binance']): DoctorFinding {
  const network = testnet ? 'testnet' : 'mainnet';
  const rest = networkOf(rest_url, (one) => restUrlOf(one, ''), network);
  const stream = networkOf(stream_url, (one) => streamUrlOf(one, ''), network);
  const addresses = `${restUrlOf(network, rest_url)}, ${streamUrlOf(network, stream_url)}`;
  const wrong = [rest, stream].find((one) => one !== 'custom' && one !== network);
  if (wrong !== undefined)
    return absolute(
      fault(
        'NETWORK',
        `BINANCE_TESTNET=${testnet} means the ${network}, but an address belongs to the ${wrong}: ${addresses}`,
        'Correct BINANCE_TESTNET, BINANCE_REST_URL and BINANCE_STREAM_URL; leave both addresses empty for the network’s own',
      ),
    );
  if ((rest === 'custom') !== (stream === 'custom'))
    return note(
      'NETWORK',
      `orders and prices come from different addresses: ${addresses}`,
      'Right for a proxy of one of them; else set both BINANCE_REST_URL and BINANCE_STREAM_URL, or neither',
    );
  return sound('NETWORK', `${network}${rest === 'custom' ? ', a custom venue' : ''} (${addresses})`);
}

function networkOf(setting: string, own: (network: Network) => string, network: Network): Network | 'custom' {
  if (setting === '') return network;
  const host = new URL(setting).hostname;
  return NETWORKS.find((one) => new URL(own(one)).hostname === host) ?? 'custom';
}

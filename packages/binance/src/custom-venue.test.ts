import { describe, expect, test } from 'vitest';
import { customRestVenueOf, customVenueOf } from './custom-venue.ts';

const OWN = { rest_url: '', stream_url: '' };

describe('customVenueOf', () => {
  test.each([
    ['no address is set', 'mainnet', OWN],
    [
      'the settings spell out the network’s own addresses',
      'mainnet',
      { rest_url: 'https://fapi.binance.com/', stream_url: 'wss://fstream.binance.com:443' },
    ],
    [
      'the settings spell out the test network’s own addresses',
      'testnet',
      { ...OWN, rest_url: 'https://demo-fapi.binance.com' },
    ],
  ] as const)('is undefined if %s', (_, network, addresses) => {
    expect(customVenueOf(network, addresses)).toBeUndefined();
  });

  test.each([
    ['127.0.0.1:9090', { rest_url: 'http://127.0.0.1:9090', stream_url: 'ws://127.0.0.1:9090/' }],
    ['127.0.0.1:9090+127.0.0.1:9091', { rest_url: 'http://127.0.0.1:9090', stream_url: 'ws://127.0.0.1:9091' }],
    ['127.0.0.1:9090+fstream.binance.com:443', { ...OWN, rest_url: 'http://127.0.0.1:9090' }],
    ['fapi.binance.com:443+127.0.0.1:9090', { ...OWN, stream_url: 'ws://127.0.0.1:9090' }],
    // The address of another network counts as custom.
    ['demo-fapi.binance.com:443+fstream.binance.com:443', { ...OWN, rest_url: 'https://demo-fapi.binance.com' }],
    ['[::1]:80', { rest_url: 'http://[::1]', stream_url: 'ws://[::1]' }],
  ])('is %s', (venue, addresses) => {
    expect(customVenueOf('mainnet', addresses)).toBe(venue);
  });

  test('never contains a user or a password', () => {
    const venue = customRestVenueOf('mainnet', 'https://user:secret@venue.example/fapi/');
    expect(venue).toBe('venue.example:443/fapi');
  });
});

import { LiveVenue } from '@helios/binance/live/live-venue.ts';
import { createSigner } from '@helios/binance/rest/signer.ts';
import { restUrlOf } from '@helios/binance/rest/venue-hosts.ts';
import { streamUrlOf } from '@helios/binance/streams/stream-hosts.ts';
import type { VenueNews } from '@helios/core/live/venue-port.ts';
import type { FleetMode } from '@helios/shared/domain/fleet.ts';
import type { Settings } from '@helios/shared/domain/settings.ts';
import { HopelessStart } from '@helios/shared/runtime/errors.ts';
import { createHttpClient } from '@helios/shared/runtime/http-client.ts';
import type { Logger } from '@helios/shared/runtime/service.ts';
import { waitFor } from '@helios/shared/runtime/wait-for.ts';

interface VenueParts {
  readonly mode: FleetMode;
  readonly settings: Pick<Settings, 'binance' | 'trading' | 'risk' | 'polling' | 'execution'>;
  readonly log: Logger;
  readonly now: () => number;
  readonly stop: AbortSignal;
  readonly onNews: (news: VenueNews) => void;
}

/** The account on the venue of this mode. @throws HopelessStart if the secret cannot sign */
export function openVenue({ mode, settings, log, now, stop, onNews }: VenueParts): LiveVenue {
  const { api_key, api_secret, rest_url, stream_url } = settings.binance;
  const network = mode.network === 'mainnet' ? 'mainnet' : 'testnet';
  const sign = createSigner(api_secret);
  if (sign === undefined)
    throw new HopelessStart('binance.api_secret is a private key that cannot be read. Correct it, then start again.');
  const http = createHttpClient();
  stop.addEventListener('abort', () => http.close());
  return new LiveVenue({
    run: mode.run,
    restUrl: restUrlOf(network, rest_url),
    streamUrl: streamUrlOf(network, stream_url),
    apiKey: api_key.trim(),
    sign,
    http,
    now,
    wait: (ms) => waitFor(ms, stop),
    stop,
    random: Math.random,
    log,
    settings: {
      leverage: settings.trading.leverage,
      marginMode: settings.risk.margin_mode === 'isolated' ? 'ISOLATED' : 'CROSSED',
      // data-ingestor has the other share of this address.
      weightShare: 1 - settings.polling.weight_share,
      // Nothing shows on mainnet that the countdown spares stops: there the doctor places none.
      usesDeadMansSwitch: settings.execution.dead_mans_switch && network === 'testnet',
    },
    onNews,
  });
}

import { Maps } from '@helios/shared/contracts/catalog.ts';
import { type PositionRow, PositionsReply } from '@helios/shared/domain/http-replies.ts';
import type { OpenPosition, TrailingState } from '@helios/shared/domain/position.ts';
import type { PositionFunding } from '@helios/shared/domain/position-funding.ts';
import { type Api, type App, ERROR_ANSWERS } from '../api.ts';

export async function readPositions({ bus, mode, board, clock }: Api): Promise<PositionsReply> {
  const isLive = mode.mode === 'live';
  const [positions, trailing, funding] = await Promise.all([
    bus.getMap(Maps.openPositions),
    bus.getMap(Maps.trailingStops),
    isLive ? bus.getMap(Maps.positionFunding) : undefined,
  ]);
  const own = Object.entries(positions).filter(([, { run }]) => run === mode.run);
  const rows = own.map(([field, position]) => ({
    ...position,
    ...board.valuationOf(position),
    ...movedStopsOf(position, trailing[field]),
    ...fundingOf(position, funding?.[field]),
  }));
  rows.sort((a, b) => b.entry_ts - a.entry_ts || a.symbol.localeCompare(b.symbol));
  return { run: mode.run, clock_ts: clock.now(), positions: rows };
}

function movedStopsOf(position: OpenPosition, trailing: TrailingState | undefined): Partial<PositionRow> {
  if (trailing?.signal_id !== position.signal_id) return {};
  const { stop, stop_loss } = trailing;
  return { ...(stop && { trailing_stop: stop }), ...(stop_loss && { stop_loss }) };
}

/** Funding by the venue's income; execution-manager does not know it. */
function fundingOf(position: OpenPosition, known: PositionFunding | undefined): Partial<PositionRow> {
  return known?.run === position.run && known.signal_id === position.signal_id ? { funding: known.funding } : {};
}

export function positionsRoute(app: App, api: Api): void {
  app.get(
    '/api/positions',
    {
      schema: {
        summary: 'Open positions with stops and unrealised PnL on the current book',
        response: { 200: PositionsReply, ...ERROR_ANSWERS },
      },
    },
    () => readPositions(api),
  );
}

import { Records, Streams } from '@helios/shared/contracts/catalog.ts';
import { PerformanceReply } from '@helios/shared/domain/http-replies.ts';
import { type Api, type App, ERROR_ANSWERS } from '../api.ts';

const RECENT_TRADES = 100;

export async function readPerformance({ bus, mode }: Api): Promise<PerformanceReply> {
  const { run } = mode;
  const trades = (await bus.getLatest(Streams.trades, RECENT_TRADES)).filter((trade) => trade.run === run);
  const entry = mode.mode === 'live' ? Records.performance : Records.simulatedPnl;
  const summary = await bus.getRecord(entry);
  const own = summary?.run === run ? { summary } : {};
  return { source: entry.name, run, ...own, recent_trades: trades };
}

export function performanceRoute(app: App, api: Api): void {
  app.get(
    '/api/performance',
    {
      schema: {
        summary: 'PnL, win rate, drawdown and the other statistics of this run, with their source',
        response: { 200: PerformanceReply, ...ERROR_ANSWERS },
      },
    },
    () => readPerformance(api),
  );
}

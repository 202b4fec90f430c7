import { Lists } from '@helios/shared/contracts/catalog.ts';
import { DecisionKind, DecisionsReply } from '@helios/shared/domain/http-replies.ts';
import { z } from 'zod';
import { type Api, type App, ERROR_ANSWERS, limitQuery } from '../api.ts';

export async function readDecisions({ bus, mode }: Api, kind: DecisionKind, limit: number): Promise<DecisionsReply> {
  const list = kind === 'signals' ? Lists.decisionLogs : Lists.decisionRefusals;
  const decisions = await bus.getList(list, limit);
  return { run: mode.run, kind, decisions: decisions.filter(({ run }) => run === mode.run) };
}

export function decisionsRoute(app: App, api: Api): void {
  app.get(
    '/api/decisions',
    {
      schema: {
        summary: 'Decisions with their gates and outcomes, or refused triggers with what they would have earned',
        querystring: z.strictObject({ limit: limitQuery(50, 500), kind: DecisionKind.default('signals') }),
        response: { 200: DecisionsReply, ...ERROR_ANSWERS },
      },
    },
    ({ query }) => readDecisions(api, query.kind, query.limit),
  );
}

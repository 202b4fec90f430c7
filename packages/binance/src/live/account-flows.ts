import type { AccountFlow } from '@helios/shared/domain/account-flow.ts';
import { getIncome, type IncomeRow, MAX_INCOME_ROWS } from '../rest/endpoints/income.ts';
import type { RestAnswer } from '../rest/rest-answer.ts';
import { isSymbol } from '../wire/field-checks.ts';
import type { VenueRequests } from './venue-requests.ts';

/** Maximum number of income answers per call; the next call continues after them. */
const MAX_ANSWERS = 20;

/**
 * Reads the income of the account from `sinceTs` on, oldest first. The last millisecond of a full answer is asked for again, so no row
 * of it is missing and none comes twice.
 */
export async function readFlows(
  requests: VenueRequests,
  run: string,
  sinceTs: number,
): Promise<RestAnswer<readonly AccountFlow[]>> {
  const flows = new Map<string, AccountFlow>();
  let startTs = sinceTs;
  for (let count = 1; ; count += 1) {
    const answer = await requests.send(getIncome, { startTs }, 'ENTRY');
    if (answer.kind === 'FAILURE') return answer;
    for (const row of answer.value) flows.set(flowId(row), flowOf(row, run));
    const lastTs = answer.value.at(-1)?.tsEvent ?? startTs;
    const isDone = answer.value.length < MAX_INCOME_ROWS || count === MAX_ANSWERS;
    if (isDone) return { ...answer, value: [...flows.values()].toSorted((a, b) => a.ts_event - b.ts_event) };
    // A thousand rows of one millisecond: later rows matter more than the rest of it.
    startTs = lastTs > startTs ? lastTs : lastTs + 1;
  }
}

function flowId({ incomeType, transactionId, asset }: IncomeRow): string {
  return `${incomeType}:${transactionId}:${asset}`;
}

function flowOf(row: IncomeRow, run: string): AccountFlow {
  const { symbol, incomeType, income: amount, asset, tsEvent, tradeId } = row;
  return {
    ...{ run, flow_id: flowId(row), kind: incomeType, asset, amount, ts_event: tsEvent },
    ...(isSymbol(symbol) && { symbol }),
    ...(tradeId !== '' && { trade_id: tradeId }),
  };
}

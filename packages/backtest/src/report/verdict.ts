import { MIN_DAYS } from '@helios/core/portfolio/daily-returns.ts';
import { lastDayTs } from '../statistics/performance-estimates.ts';
import { MIN_VALUES } from '../statistics/stationary-bootstrap.ts';
import type { BacktestReport, Remark } from './backtest-report.ts';
import { quoteCurrenciesOf } from './currency.ts';
import { counted, figure, intervalText, probabilityText, signedFigure, spanText } from './format.ts';

type Judged = Omit<BacktestReport, 'verdict'>;

const DAY_MS = 86_400_000;
/** Probability that counts as proof. */
const PROOF = 0.95;
/** Trades below this number are called few even if their interval is clear. */
const FEW_TRADES = 30;

/** Says in plain sentences what the figures of a result prove and what they do not. */
export function verdictOf(judged: Judged): Remark[] {
  if (judged.trades.length === 0) return [noTrade(judged), ...dataRemarks(judged)];
  return [
    ...luckRemarks(judged),
    ...lengthRemarks(judged),
    ...trialRemarks(judged),
    ...costRemarks(judged),
    ...holdRemarks(judged),
    ...gateRemarks(judged),
    ...dataRemarks(judged),
  ];
}

function noTrade({ result: { refusals, decisions }, gates }: Judged): Remark {
  const most = gates.toSorted((a, b) => b.refused - a.refused)[0];
  const why =
    most === undefined
      ? 'No trigger was refused either: the data hold no imbalance beyond the threshold, or too little history.'
      : `${counted(refusals.length, 'refusal')} ${refusals.length === 1 ? 'is' : 'are'} logged; ${most.gate} refused most (${figure(most.refused, 0)}).`;
  const entries = decisions.length === 0 ? '' : ` ${counted(decisions.length, 'signal')} led to no closed trade.`;
  return { kind: 'DOUBT', text: `No trade was closed, so there is nothing to judge. ${why}${entries}` };
}

function luckRemarks({ estimates, probabilities, trades, result }: Judged): Remark[] {
  const { expectancyBp } = estimates;
  const { value = 0, low, high } = expectancyBp;
  if (low === undefined || high === undefined) {
    const count = counted(trades.length, 'trade');
    return [
      { kind: 'DOUBT', text: `${count}: below ${MIN_VALUES} trades no interval is computed, and nothing is proved.` },
    ];
  }
  const interval = `the 95 % interval of the net result per trade is ${intervalText(expectancyBp, 1)} bp`;
  if (low <= 0 && high >= 0) {
    const p = probabilityText(probabilities.pValue);
    return [{ kind: 'DOUBT', text: `It cannot be told from luck: ${interval} and contains zero (p = ${p}).` }];
  }
  if (value < 0) return [{ kind: 'BAD', text: `It loses, and not by bad luck: ${interval}, all below zero.` }];
  const isSummed = quoteCurrenciesOf([...result.prices.keys()]).length <= 1;
  return [
    { kind: isSummed ? 'GOOD' : 'DOUBT', text: `It gains beyond luck in these data: ${interval}, all above zero.` },
  ];
}

function lengthRemarks({ result, trades, probabilities: { psrTrades, tradesNeeded } }: Judged): Remark[] {
  const remarks: Remark[] = [];
  const count = counted(trades.length, 'trade');
  if (tradesNeeded !== undefined && psrTrades !== undefined && psrTrades < PROOF) {
    const text = `${count} are too few: a gain of this size and spread needs ${figure(tradesNeeded, 0)} to be told from zero.`;
    remarks.push({ kind: 'DOUBT', text });
  } else if (trades.length >= MIN_VALUES && trades.length < FEW_TRADES) {
    remarks.push({
      kind: 'DOUBT',
      text: `${count} are too few to know the tails: one bad day can change every figure.`,
    });
  }
  const days = Math.floor(lastDayTs(result.lastTs) / DAY_MS) - Math.floor((trades[0]?.trade.exit_ts ?? 0) / DAY_MS) + 1;
  if (days < MIN_DAYS) {
    const span = spanText(result.lastTs - result.firstTs);
    const text = `The data span ${span}: Sharpe, Sortino and Calmar need ${MIN_DAYS} days from the first trade and are absent.`;
    remarks.push({ kind: 'DOUBT', text });
  }
  return remarks;
}

function trialRemarks({ probabilities: { deflated, trials }, estimates }: Judged): Remark[] {
  if ((estimates.expectancyBp.low ?? 0) <= 0) return [];
  if (trials <= 1) {
    const text = 'One trial is assumed. If you tried more settings on these data, say how many: --trials N.';
    return [{ kind: 'NOTE', text }];
  }
  const probability = probabilityText(deflated);
  const isProved = deflated !== undefined && deflated >= PROOF;
  const verdict = isProved ? 'it survives' : 'it may be the luckiest of them';
  const text = `After ${figure(trials, 0)} trials the deflated Sharpe ratio is ${probability}: ${verdict}.`;
  return [{ kind: isProved ? 'GOOD' : 'DOUBT', text }];
}

function costRemarks({ total: { costs, trades } }: Judged): Remark[] {
  const paid = costs.spread + costs.slippage + costs.fees + costs.funding;
  const remarks: Remark[] = [];
  if (paid > 0 && costs.move <= 0 && trades >= MIN_VALUES) {
    const text = `The move from mid to mid is ${signedFigure(costs.move)} before any cost: cheaper fees would not mend it.`;
    remarks.push({ kind: 'BAD', text });
  } else if (paid > costs.move && costs.move > 0) {
    const text = `Costs of ${figure(paid)} exceed the ${figure(costs.move)} that the trades gained from mid to mid.`;
    remarks.push({ kind: 'BAD', text });
  }
  if (costs.legsWithoutBook > 0) {
    const legs = counted(costs.legsWithoutBook, 'leg');
    remarks.push({ kind: 'NOTE', text: `${legs} of the trades had no book at the decision and show no spread.` });
  }
  return remarks;
}

function holdRemarks({ hold, returnPct }: Judged): Remark[] {
  if (hold === undefined || returnPct >= hold.returnPct) return [];
  const text = `Buying and holding returned ${signedFigure(hold.returnPct)} %, the strategy ${signedFigure(returnPct)} %.`;
  return [{ kind: 'BAD', text }];
}

function gateRemarks({ gates }: Judged): Remark[] {
  const named = (effect: string) => gates.filter((gate) => gate.effect === effect).map(({ gate }) => gate);
  const [harms, idle] = [named('HARMS'), named('NO_DIFFERENCE')];
  const remarks: Remark[] = [];
  if (harms.length > 0) {
    remarks.push({ kind: 'BAD', text: `What these gates refuse is better than what is taken: ${harms.join(', ')}.` });
  }
  if (idle.length > 0) {
    remarks.push({
      kind: 'NOTE',
      text: `These gates show no difference between refused and taken: ${idle.join(', ')}.`,
    });
  }
  return remarks;
}

function dataRemarks({ result: { badFrames, faults, assumptions } }: Judged): Remark[] {
  const assumed = assumptions.map((text): Remark => ({ kind: 'DOUBT', text }));
  if (badFrames === 0 && faults.length === 0) return assumed;
  const text = `The recordings have ${counted(faults.length, 'fault')} and ${counted(badFrames, 'frame')} that were no message${kindsOf(faults)}. npm run data -- check names the lines.`;
  const bookless = faults.filter(({ kind }) => kind === 'NO_BOOK').slice(0, MAX_BOOKLESS);
  return [
    ...assumed,
    { kind: 'DOUBT', text },
    ...bookless.map(({ detail }): Remark => ({ kind: 'DOUBT', text: `${detail}.` })),
  ];
}

/** Symbols without a book that are named one by one. */
const MAX_BOOKLESS = 5;

/** `: 3 DEPTH_GAP, 1 NO_BOOK`; nothing without faults. */
function kindsOf(faults: Judged['result']['faults']): string {
  const byKind = Map.groupBy(faults, ({ kind }) => kind);
  const kinds = [...byKind].map(([kind, some]) => `${figure(some.length, 0)} ${kind}`);
  return kinds.length === 0 ? '' : `: ${kinds.join(', ')}`;
}

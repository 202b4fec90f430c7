import { byId, el, pill, setText } from './dom.js';
import { counted, dateTime, fixed, signed } from './format.js';

/** Shows why the strategy enters, what that was worth so far, and what EDGE_VS_COST makes of it. */
export function showStrategy(strategy) {
  byId('strategy-panel').hidden = strategy === undefined;
  if (strategy === undefined) return;
  const { reasons, edge_gate, cost_bp, pays_spread, model, model_worth } = strategy;
  setText(
    'strategy-costs',
    `a round trip costs ${fixed(cost_bp, 1)} bp${pays_spread ? ' and the spread' : ''} · model: ${model}${model_worth === undefined ? '' : `. ${model_worth}`}`,
  );
  const gate = pill(`EDGE_VS_COST: ${edge_gate}`, edge_gate === 'enforce' ? 'good' : 'warn');
  gate.title = 'enforce: refuse what does not pay. observe: trade it and mark it. off: do not ask.';
  const rows = reasons.map((reason) =>
    el('p', {}, el('b', {}, reason.reason), ' ', worthOf(reason, strategy), lossOf(reason)),
  );
  byId('strategy').replaceChildren(el('p', {}, gate, ' ', judgeOf(strategy)), ...rows);
}

/** Which estimate EDGE_VS_COST asks. */
function judgeOf({ model, model_edge, edge_gate, edge_min_ratio }) {
  if (edge_gate === 'off') return 'asks nothing';
  if (model_edge === undefined) return 'asks the moves below';
  const { mean_bp, lower_bp, fees_bp } = model_edge;
  const needed = edge_min_ratio * fees_bp;
  const best = `its best candidates earn ${signed(mean_bp, 1)} bp after spread and slippage, at least ${signed(lower_bp, 1)} bp`;
  const verdict = lower_bp < needed ? 'less than' : 'enough for';
  const then = lower_bp < needed ? `: there ${ENTRIES[edge_gate]}` : '';
  return `asks ${model} where it speaks: ${best}, ${verdict} the ${fixed(needed, 1)} bp of fees${then}. Where it abstains, the moves below judge.`;
}

/** What the gate does with an entry whose lower bound is too low. */
const ENTRIES = {
  enforce: 'entries are refused',
  observe: 'entries are made and marked',
  off: 'entries are made, nothing asks',
};

/** Says that moves before a loss of the edge left the estimate. */
function lossOf({ lost_ts }) {
  if (lost_ts === undefined) return '';
  return `. On ${dateTime(lost_ts)} it earned less than before, so older moves no longer count`;
}

const OWN = 'the model’s own edge judges its entries';

function worthOf({ reason, moves, mean_bp, error_bp, lower_bp, newest_bp }, strategy) {
  const { moves_needed, before_estimate, edge_gate, cost_bp, pays_spread, edge_min_ratio, model, model_edge } =
    strategy;
  // It needs a model, and an empty folder is no error.
  if (reason === 'MODEL' && model === 'none') return 'never applies: there is no model (docs/model.md)';
  // Where the model judges, the moves do not.
  const where = model_edge === undefined || edge_gate === 'off' ? '' : ' where the model abstains';
  // The reason MODEL is there only where the model speaks.
  const isJudged = reason === 'MODEL' && where !== '';
  if (mean_bp === undefined) {
    const meanwhile =
      before_estimate === 'passes' ? 'its entries pass until then' : 'its entries are refused until then';
    return `${moves} of the ${moves_needed} moves that an estimate needs${edge_gate === 'off' ? '' : `; ${isJudged ? OWN : `${meanwhile}${where}`}`}`;
  }
  const worth = `${signed(mean_bp)} ± ${fixed(error_bp, 1)} bp before costs over ${counted(moves, 'move')}`;
  if (isJudged) return `${worth}; ${OWN}`;
  const needed = edge_min_ratio * cost_bp;
  const author = newest_bp === lower_bp ? 'the newest third of them is' : 'two errors lower it is';
  const bound = `${author} ${signed(lower_bp, 1)} bp`;
  if (lower_bp < needed)
    return `${worth}; ${bound}, less than the ${fixed(needed, 1)} bp needed: ${ENTRIES[edge_gate]}${where}`;
  return `${worth}; ${bound}, enough for ${fixed(needed, 1)} bp${pays_spread ? '; each entry needs its spread too' : ''}`;
}

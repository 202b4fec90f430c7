import { byId, el, pill, setText } from './dom.js';
import { counted, fixed, signed } from './format.js';

/** Shows why the strategy enters, what that was worth so far, and what EDGE_VS_COST makes of it. */
export function showStrategy(strategy) {
  byId('strategy-panel').hidden = strategy === undefined;
  if (strategy === undefined) return;
  const { reasons, edge_gate, cost_bp, model } = strategy;
  setText('strategy-costs', `a round trip costs ${fixed(cost_bp, 1)} bp and the spread · model: ${model}`);
  const gate = pill(`EDGE_VS_COST: ${edge_gate}`, edge_gate === 'enforce' ? 'good' : 'warn');
  gate.title = 'enforce: refuse what does not pay. observe: trade it and mark it. off: do not ask.';
  const rows = reasons.map((reason) => el('p', {}, el('b', {}, reason.reason), ' ', worthOf(reason, strategy)));
  byId('strategy').replaceChildren(el('p', {}, gate), ...rows);
}

function worthOf({ moves, mean_bp, error_bp, lower_bp }, { moves_needed, before_estimate, edge_gate, cost_bp }) {
  if (mean_bp === undefined) {
    const meanwhile =
      before_estimate === 'passes' ? 'its entries pass until then' : 'its entries are refused until then';
    return `${moves} of the ${moves_needed} moves that an estimate needs${edge_gate === 'off' ? '' : `; ${meanwhile}`}`;
  }
  const worth = `${signed(mean_bp)} ± ${fixed(error_bp, 1)} bp before costs over ${counted(moves, 'move')}`;
  return `${worth}: ${lower_bp >= cost_bp ? 'covers fees and slippage' : 'does not cover its costs'}`;
}

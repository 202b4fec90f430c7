import { byId, el, setText } from './dom.js';
import { counted } from './format.js';
import { send } from './http.js';
import { startPreview } from './start-preview.js';

/** The confirmation dialog of an action. `now`: what the page knows at the press. */
function preview(action, now) {
  if (action === 'start' && now.mode?.mode === 'live')
    return { title: 'Start live trading?', content: startPreview(now), yes: 'Confirm' };
  const { title, lines, yes } = textOf(action, now);
  return { title, content: lines.map((line) => el('p', {}, line)), yes };
}

/** What an action does, in sentences. */
function textOf(action, { positions, orders, mode }) {
  const money = mode?.mode === 'live' ? `real orders on ${mode.network}` : 'simulated trading, no real order';
  if (action === 'start') {
    return {
      title: 'Start trading?',
      lines: [`Helios opens new positions when the gates allow them (${money}).`],
      yes: 'Start',
    };
  }
  if (action === 'stop') {
    return {
      title: 'Stop entries?',
      lines: [
        'Helios opens no new position.',
        ofPositions(positions, 'There is no open position.', (count, open) => {
          return `Stops and exits stay active for ${count}: ${open}.`;
        }),
      ],
      yes: 'Stop',
    };
  }
  return {
    title: 'Flatten and halt?',
    lines: [
      ofPositions(positions, 'There is no open position to close.', (count, open) => {
        return `Closes ${count} at market price now: ${open}.`;
      }),
      ofOrders(orders),
      `Helios then trades nothing until you press Start (${money}).`,
    ],
    yes: 'Flatten now',
  };
}

/** `positions` undefined: the page has no current figures. */
function ofPositions(positions, none, text) {
  if (positions === undefined) return 'The open positions are not known now. The command applies to all of them.';
  if (positions.length === 0) return none;
  const open = positions.map(({ symbol, side }) => `${symbol} ${side}`).join(', ');
  return text(counted(positions.length, 'open position'), open);
}

function ofOrders(orders) {
  if (orders === undefined) return 'The resting orders are not known now. Flatten cancels all of them.';
  return orders.length > 0
    ? `Cancels ${counted(orders.length, 'resting order')}.`
    : 'There is no resting order to cancel.';
}

/** A new id for each press, so that a repeated request counts once. randomUUID would need TLS. */
function newCommandId() {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return `page-${[...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}

async function confirmed(action, now) {
  const { title, content, yes } = preview(action, now);
  const dialog = byId('confirm');
  setText('confirm-title', title);
  setText('confirm-yes', yes);
  byId('confirm-yes').className = `primary ${action}`;
  byId('confirm-text').replaceChildren(...content);
  dialog.returnValue = 'cancel';
  dialog.showModal();
  await new Promise((resolve) => dialog.addEventListener('close', resolve, { once: true }));
  return dialog.returnValue === 'yes';
}

async function press(action, now) {
  if (!(await confirmed(action, now))) return;
  const commandId = newCommandId();
  shown = undefined;
  showResult(`Sending ${action}…`, '');
  const { ok, body } = await send('/api/control', { action, command_id: commandId });
  const applied = ok && body.applied;
  showResult(ok ? body.message : `${body.message} ${body.action}`, applied ? 'good' : 'bad');
  const changedTs = ok ? body.trading?.changed_ts : now.trading?.changed_ts;
  shown = { commandId, applied, changedTs, isSeen: !ok };
}

function showResult(text, kind) {
  setText('control-result', text);
  byId('control-result').className = `result ${kind}`;
}

/** The shown result: its command, and the time of its trading state. */
let shown;

/**
 * Clears the result once the trading state has changed again, and completes it if the command was applied later.
 * Ignores states older than the result's own, because the stream may be slightly behind the answer.
 */
export function clearOvertaken(trading) {
  if (shown === undefined || trading === undefined) return;
  const { commandId, applied, changedTs, isSeen } = shown;
  if (!applied && trading.applied_commands.includes(commandId)) {
    showResult(`Trading state: ${trading.state}.`, 'good');
    shown = { commandId, applied: true, changedTs: trading.changed_ts, isSeen: true };
  } else if (trading.changed_ts === changedTs) {
    shown.isSeen = true;
  } else if (isSeen || changedTs === undefined || trading.changed_ts > changedTs) {
    shown = undefined;
    showResult('', '');
  }
}

/** Connects Start, Stop and Flatten. `now()` returns what the page knows at the press. */
export function wireControl(now) {
  for (const button of document.querySelectorAll('[data-action]')) {
    button.addEventListener('click', () => press(button.dataset.action, now()));
  }
}

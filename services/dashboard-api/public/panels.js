import { byId, el, keyed, num, pill, setText, showTable } from './dom.js';
import { age, coarseAge, counted, dateTime, fixed, grouped, time, words } from './format.js';
import { MONEY } from './units.js';

/**
 * Shows mode badge, trading state, market clock and replay progress. `now` here and below: market time. `fleet`: whether
 * figures have stopped (`away`), and whether signal-engine is down (`engineDown`).
 */
export function showState({ mode, trading, start_refused, replay, login }, now, fleet) {
  byId('logout').hidden = !login;
  const source = mode.source?.kind === 'replay' ? 'REPLAY' : mode.mode.toUpperCase();
  const badge = byId('badge');
  badge.className = `badge ${source.toLowerCase()}`;
  const venue = mode.venue ? ' · custom venue' : '';
  badge.title = mode.venue ? `The venue is at ${mode.venue}, not the real one` : '';
  setText('badge', mode.mode === 'live' ? `LIVE · ${mode.network}${venue}` : `${source}${venue} · simulated`);
  setText('run', mode.run);
  setText('market-clock', now > 0 ? dateTime(now) : 'no frame yet');
  showTradingState(trading, start_refused, fleet);
  showReplay(mode, replay);
}

function showTradingState(trading, refusal, { away, engineDown }) {
  const state = away ? 'UNKNOWN' : (trading?.state ?? 'UNKNOWN');
  setText('state', !away && trading?.flattening ? `${state} · flattening` : state);
  byId('state').className = `state-name ${engineDown ? 'unknown' : state.toLowerCase()}`;
  setText('state-reason', stateReason(trading, away, engineDown));
  byId('start').disabled = away || state === 'ACTIVE' || refusal !== undefined;
  byId('start').title = refusal ? `Start is refused: ${refusal}` : '';
  setText('start-refused', refusal !== undefined && !away && state !== 'ACTIVE' ? `Start is refused. ${refusal}` : '');
  // If the state is not known, Stop stays enabled because it only reduces risk.
  byId('stop').disabled = !away && state !== 'ACTIVE' && state !== 'UNKNOWN';
}

function stateReason(trading, away, engineDown) {
  const known = trading ? `${trading.reason} · since ${dateTime(trading.changed_ts)}` : undefined;
  if (away) {
    const last = trading ? ` Last known: ${trading.state}, ${known}.` : '';
    return `No figures arrive. You can still press Stop and Flatten.${last}`;
  }
  if (engineDown)
    return `signal-engine is down: it decides nothing, and commands wait for it. Before: ${known ?? 'unknown'}`;
  return known ?? 'signal-engine has not started yet';
}

function showReplay(mode, replay) {
  const box = byId('replay');
  box.hidden = mode.source?.kind !== 'replay';
  if (box.hidden) return;
  const speed = mode.source.speed === 'max' ? 'full speed' : `speed ${mode.source.speed}`;
  if (!replay) return void box.replaceChildren(`Replay at ${speed}: not started yet`);
  const tops =
    replay.tops_compared > 0
      ? ` · ${fixed(replay.tops_different, 0)} of ${fixed(replay.tops_compared, 0)} tops differ`
      : '';
  const faults = `${counted(replay.bad_lines, 'bad line')} · ${counted(replay.gaps, 'gap')}${tops}`;
  const where = `${fixed(replay.lines, 0)} lines, at ${dateTime(replay.ts_event)}`;
  box.replaceChildren(`Replay ${replay.done ? 'ended' : `at ${speed}`}: ${where} · ${faults}`);
}

/** Bid, ask, last and age of every watched symbol. */
export function showPrices({ rows, stale_after_sec }, now) {
  const ageOf = ({ ts }) => (ts === undefined ? undefined : Math.max(0, now - ts));
  const isStale = (row) => row.ts === undefined || ageOf(row) > stale_after_sec * 1_000;
  const stale = rows.filter(isStale).length;
  setText('prices-count', stale > 0 ? `${stale} stale of ${rows.length}` : `${rows.length}`);
  byId('prices-count').className = `count ${stale > 0 ? 'warn' : ''}`;
  const spread = ({ bid, ask }) => (bid && ask ? ((Number(ask) - Number(bid)) / Number(bid)) * 10_000 : undefined);
  const columns = [
    { title: 'Symbol', cell: ({ symbol }) => el('b', {}, symbol) },
    num('Bid', ({ bid }) => grouped(bid), '', MONEY),
    num('Ask', ({ ask }) => grouped(ask), '', MONEY),
    num('Spread', (row) => (spread(row) === undefined ? '–' : `${fixed(spread(row), 2)} bp`), 'wide spare'),
    num('Last', ({ last }) => grouped(last), 'wide', MONEY),
    num('Age', (row) =>
      isStale(row)
        ? pill(row.ts === undefined ? 'no data' : `stale ${coarseAge(ageOf(row))}`, 'warn')
        : age(ageOf(row)),
    ),
    {
      title: 'Source',
      cell: ({ source }) => (source === 'coingecko' ? pill(source, 'warn') : el('span', { class: 'muted' }, source)),
      kind: 'wide',
    },
  ];
  showTable('prices', rows, 'Prices', columns, 'No symbol is watched yet.');
}

/** Restarts, counted by the supervisor; hidden without a supervisor (compose). */
const RESTARTS = num('Restarts', ({ supervised }) =>
  el(
    'span',
    { title: supervised?.last_end ?? '', class: supervised?.restarts > 0 ? 'warn' : '' },
    supervised ? `${supervised.restarts}` : '–',
  ),
);

/** How far a service is behind, and how many messages wait. */
function lateness({ heartbeat }) {
  if (heartbeat?.behind_ms === undefined) return undefined;
  const waiting = heartbeat.waiting === undefined ? '' : `, ${fixed(heartbeat.waiting, 0)} waiting`;
  return el('span', { class: 'warn' }, ` ${age(heartbeat.behind_ms)} behind${waiting}`);
}

/** Services with heartbeat, lag, memory, restarts. */
export function showHealth({ services }) {
  const [down, unknown, starting] = ['DOWN', 'UNKNOWN', 'STARTING'].map(
    (one) => services.filter(({ status }) => status === one).length,
  );
  const all = services.length;
  const rest =
    unknown > 0 ? `${unknown} unknown of ${all}` : starting > 0 ? `${starting} starting of ${all}` : `${all} up`;
  setText('services-count', down > 0 ? `${down} down of ${all}` : rest);
  byId('services-count').className = `count ${down > 0 ? 'bad' : unknown + starting > 0 ? 'warn' : ''}`;
  const kinds = { STARTING: 'warn', RUNNING: 'good', STANDBY: 'info', STOPPING: 'warn', DOWN: 'bad', UNKNOWN: 'warn' };
  const columns = [
    { title: 'Service', cell: ({ service }) => el('b', {}, service) },
    { title: 'Status', cell: (row) => el('span', {}, pill(row.status, kinds[row.status]), lateness(row)) },
    num('Loop lag', ({ heartbeat }) => (heartbeat ? `${fixed(heartbeat.loop_lag_ms, 1)} ms` : '–'), 'wide'),
    num('Message age', ({ heartbeat }) => age(heartbeat?.message_age_ms), 'wide'),
    num('Memory', ({ heartbeat }) => (heartbeat ? `${fixed(heartbeat.rss_mb, 0)} MB` : '–')),
    num('Messages', ({ heartbeat }) => fixed(heartbeat?.messages, 0), 'wide'),
    num(
      'Malformed',
      ({ heartbeat }) => el('span', { class: heartbeat?.malformed > 0 ? 'warn' : '' }, fixed(heartbeat?.malformed, 0)),
      'wide',
    ),
    ...(services.some(({ supervised }) => supervised) ? [RESTARTS] : []),
    num('Up for', ({ heartbeat }) => (heartbeat ? age(Math.max(0, heartbeat.ts - heartbeat.started_ts)) : '–'), 'wide'),
  ];
  showTable('services', services, 'Services', columns, 'No heartbeat yet.');
}

/** Shows active alerts first, then recently resolved ones. */
export function showAlerts({ active, alerts }, _now, { watcherDown }) {
  const activeIds = new Set(active.map(({ alert_id }) => alert_id));
  const past = alerts.filter(({ alert_id, stage }) => !activeIds.has(alert_id) && stage === 'RESOLVED').slice(0, 5);
  const counts = [...(active.length > 0 ? [active.length] : []), ...(watcherDown ? ['not monitored'] : [])];
  setText('alerts-count', counts.join(' · ') || 'none active');
  byId('alerts-count').className = `count ${active.length > 0 || watcherDown ? 'bad' : ''}`;
  const build = ({ code, level, stage, message, action, ts }) =>
    el(
      'div',
      { class: `alert ${stage === 'RESOLVED' ? 'past' : level.toLowerCase()}` },
      el(
        'div',
        { class: 'alert-head' },
        el('b', {}, words(code)),
        el('span', { class: 'muted num', title: dateTime(ts) }, time(ts)),
      ),
      el('p', {}, message),
      stage === 'RESOLVED' ? undefined : el('p', { class: 'muted' }, action),
    );
  keyed(
    byId('alerts'),
    [...active, ...past],
    ({ alert_id }) => alert_id,
    build,
    watcherDown ? 'monitoring-agent is down: no new alerts.' : 'No active alerts.',
  );
}

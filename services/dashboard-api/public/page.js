import { wireControl } from './control.js';
import { showDecisions, showRefusals } from './decisions.js';
import { byId, setText } from './dom.js';
import { signed } from './format.js';
import { isLoggedIn, send } from './http.js';
import { createMarketClock } from './market-clock.js';
import { showAlerts, showHealth, showOrders, showPerformance, showPositions, showPrices, showState } from './panels.js';

const RETRY_MS = 2_000;
const TICK_MS = 1_000;
/** The newest document of each part. */
const newest = {};

const parts = {
  state: showState,
  prices: showPrices,
  positions: showPositions,
  orders: showOrders,
  performance: showPerformance,
  decisions: (document) => showDecisions(document, newest.state?.no_orders),
  refusals: (document) => showRefusals(document, newest.state?.no_orders),
  health: showHealth,
  alerts: showAlerts,
  connection: showConnection,
};

/** Parts that show how old or how long something is. Where only time passes nothing is sent: the page counts on. */
const ticking = ['state', 'prices', 'positions', 'orders'];
const clock = createMarketClock();

let stream;

function listen() {
  stream?.close();
  stream = new EventSource('/api/stream');
  for (const [name, show] of Object.entries(parts)) {
    stream.addEventListener(name, (event) => {
      newest[name] = JSON.parse(event.data);
      if (newest[name].clock_ts !== undefined) clock.observe(newest[name].clock_ts, Date.now());
      show(newest[name], marketNow());
      if (name === 'state' && newest.state.no_orders) showAnew('decisions', 'refusals');
      showTitle();
    });
  }
  stream.addEventListener('logout', showLogin);
  stream.addEventListener('error', onStreamError);
}

function showAnew(...names) {
  for (const name of names) if (newest[name]) parts[name](newest[name], marketNow());
}

const marketNow = () => clock.now(Date.now(), newest.state?.mode.source?.kind === 'replay');

function tick() {
  showAnew(...ticking);
}

async function onStreamError() {
  showBanner('The dashboard does not answer; trying again. What you see is the last it said.');
  // The browser tries again by itself after a broken connection, but not after a refusal.
  if (stream.readyState !== EventSource.CLOSED) return;
  await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  if ((await isLoggedIn()) === false) showLogin();
  else listen();
}

function showConnection({ ok, message, action }) {
  showBanner(ok ? '' : `${message ?? 'Figures cannot be read.'} ${action ?? ''}`);
}

function showBanner(text) {
  byId('connection').hidden = text === '';
  setText('connection', text);
  document.body.classList.toggle('away', text !== '');
}

function showTitle() {
  const state = newest.state?.trading?.state ?? '…';
  const pnl = newest.performance?.summary?.total_pnl;
  document.title = `${state}${pnl === undefined ? '' : ` ${signed(pnl)}`} · Helios`;
}

function showLogin() {
  stream?.close();
  byId('dashboard').hidden = true;
  byId('login').hidden = false;
  document.title = 'Helios';
  byId('password').focus();
}

function showDashboard() {
  byId('login').hidden = true;
  byId('dashboard').hidden = false;
  listen();
}

async function onLogin(event) {
  event.preventDefault();
  const error = byId('login-error');
  error.hidden = true;
  const reply = await send('/api/login', { password: byId('password').value });
  byId('password').value = '';
  if (reply.ok) return showDashboard();
  error.textContent = `${reply.body.message} ${reply.body.action}`;
  error.hidden = false;
  byId('password').focus();
}

async function onLogout() {
  await send('/api/logout', {});
  showLogin();
}

setInterval(tick, TICK_MS);
byId('login-form').addEventListener('submit', onLogin);
byId('logout').addEventListener('click', onLogout);
wireControl(() => ({
  positions: newest.positions?.positions ?? [],
  orders: newest.orders?.orders ?? [],
  mode: newest.state?.mode,
  noOrders: newest.state?.no_orders,
}));
if ((await isLoggedIn()) === false) showLogin();
else showDashboard();

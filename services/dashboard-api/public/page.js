import { freshReport, showAccount } from './account.js';
import { clearOvertaken, wireControl } from './control.js';
import { showDecisions, showRefusals } from './decisions.js';
import { byId, setText } from './dom.js';
import { openFigures } from './figures.js';
import { signed } from './format.js';
import { isLoggedIn, LOGIN_ANSWER_MS, send } from './http.js';
import { createMarketClock } from './market-clock.js';
import { showAlerts, showHealth, showPrices, showState } from './panels.js';
import { showPerformance } from './performance.js';
import { showOrders, showPositions } from './positions.js';
import { showStrategy } from './strategy.js';
import { MONEY } from './units.js';

const TICK_MS = 1_000;
/** The longest pause after a wrong password is two seconds. */
const SLOW_LOGIN_MS = 4_000;
/** The newest document of each part. */
const newest = {};

/** Whether figures arrive, and whether signal-engine and monitoring-agent are down. */
function fleet() {
  const isDown = (name) => newest.health?.services.some(({ service, status }) => service === name && status === 'DOWN');
  const away = newest.connection?.ok === false;
  return { away, engineDown: isDown('signal-engine') === true, watcherDown: isDown('monitoring-agent') === true };
}

const parts = {
  state: (document, now) => {
    showState(document, now, fleet());
    showStrategy(document.strategy);
  },
  prices: showPrices,
  positions: showPositions,
  orders: showOrders,
  account: (document, now) => showAccount(document, now, { isLive: newest.state?.mode.mode === 'live' }),
  performance: showPerformance,
  decisions: (document) => showDecisions(document),
  refusals: (document) => showRefusals(document),
  health: showHealth,
  alerts: (document, now) => showAlerts(document, now, fleet()),
  connection: showConnection,
};

/** Parts that show ages. The server sends nothing when only time passes: the page counts ages itself. */
const ticking = ['state', 'prices', 'positions', 'orders', 'account'];
const clock = createMarketClock();

const figures = openFigures(Object.keys(parts), onFigures);

function onFigures(news) {
  // Set the time first: a document must not be shown with an older time.
  for (const { document, ageMs } of news) {
    if (document.clock_ts !== undefined) clock.observe(document.clock_ts, Date.now() - ageMs);
  }
  for (const { name, document } of news) onDocument(name, document);
}

function onDocument(name, document) {
  if (name === 'logout') return showLogin();
  // Another tab has logged in.
  if (byId('dashboard').hidden && name !== 'connection') showPanels();
  newest[name] = document;
  parts[name](document, marketNow());
  if (name === 'state') clearOvertaken(document.trading);
  if (name === 'health' || name === 'connection') showAnew('state', 'alerts');
  showTitle();
}

function showAnew(...names) {
  for (const name of names) if (newest[name]) parts[name](newest[name], marketNow());
}

const marketNow = () => clock.now(Date.now(), newest.state?.mode.source?.kind === 'replay');

function tick() {
  showAnew(...ticking);
}

function showConnection({ ok, message, action }) {
  showBanner(ok ? '' : `${message ?? 'The figures cannot be read.'} ${action ?? ''}`);
}

function showBanner(text) {
  byId('connection').hidden = text === '';
  setText('connection', text);
  document.body.classList.toggle('away', text !== '');
}

function showTitle() {
  const { away, engineDown } = fleet();
  if (away) {
    document.title = 'No figures · Helios';
    return;
  }
  if (engineDown) {
    document.title = 'signal-engine down · Helios';
    return;
  }
  const state = newest.state?.trading?.state ?? '…';
  const pnl = newest.performance?.summary?.total_pnl;
  document.title = `${state}${pnl === undefined ? '' : ` ${signed(pnl)} ${MONEY}`} · Helios`;
}

function showLogin() {
  byId('dashboard').hidden = true;
  byId('login').hidden = false;
  document.title = 'Helios';
  byId('password').focus();
}

function showPanels() {
  byId('login').hidden = true;
  byId('dashboard').hidden = false;
}

function showDashboard() {
  showPanels();
  figures.listen();
}

async function onLogin(event) {
  event.preventDefault();
  const error = byId('login-error');
  error.hidden = true;
  const button = byId('login-button');
  button.disabled = true;
  const slow = setTimeout(() => setText('login-button', 'Waiting, others try passwords…'), SLOW_LOGIN_MS);
  const reply = await send('/api/login', { password: byId('password').value }, LOGIN_ANSWER_MS);
  clearTimeout(slow);
  button.disabled = false;
  setText('login-button', 'Log in');
  byId('password').value = '';
  if (reply.ok) return showDashboard();
  error.textContent = `${reply.body.message} ${reply.body.action}`;
  error.hidden = false;
  byId('password').focus();
}

async function onLogout() {
  await send('/api/logout', {});
  figures.end();
  showLogin();
}

setInterval(tick, TICK_MS);
byId('login-form').addEventListener('submit', onLogin);
byId('logout').addEventListener('click', onLogout);
wireControl(() => ({
  ...(fleet().away ? {} : { positions: newest.positions?.positions, orders: newest.orders?.orders }),
  ...(fleet().away ? {} : { account: newest.account?.account, live: freshReport(newest.account) }),
  trading: newest.state?.trading,
  mode: newest.state?.mode,
}));
if ((await isLoggedIn()) === false) showLogin();
else showDashboard();

const NOTHING = '–';
const numbers = new Map();

const MAX_DECIMALS = 20;

/** Decimals that show `digits` significant digits of a small number, at least six. */
function smallDecimals(size, digits) {
  return size === 0 ? 6 : Math.min(MAX_DECIMALS, Math.max(6, digits - 1 - Math.floor(Math.log10(size))));
}

/** A number with thousands separators and a fixed count of decimals; beyond six, trailing zeros are left out. */
export function fixed(value, decimals = 2) {
  if (value === undefined || value === null || Number.isNaN(value)) return NOTHING;
  if (!numbers.has(decimals)) {
    const options = { minimumFractionDigits: Math.min(decimals, 6), maximumFractionDigits: decimals };
    numbers.set(decimals, new Intl.NumberFormat('en', options));
  }
  return numbers.get(decimals).format(value).replace('-', '−');
}

/** As `fixed`, always with its sign. */
export function signed(value, decimals = 2) {
  if (value === undefined || value === null) return NOTHING;
  const rounded = Number(value.toFixed(decimals));
  return (rounded > 0 ? '+' : '') + fixed(rounded === 0 ? 0 : rounded, decimals);
}

/** A gain or loss with its sign; small ones keep digits that say something. */
export function money(value) {
  if (value === undefined) return NOTHING;
  return signed(value, moneyDecimals(value));
}

/** An amount of money that has no sign, such as a fee; small ones keep digits that say something. */
export function amount(value) {
  return value === undefined ? NOTHING : fixed(value, moneyDecimals(value));
}

function moneyDecimals(value) {
  const size = Math.abs(value);
  return size >= 1 || size === 0 ? 2 : size >= 0.01 ? 4 : smallDecimals(size, 3);
}

/** A decimal string as the venue wrote it, with thousands separators. */
export function grouped(decimal) {
  if (decimal === undefined) return NOTHING;
  const [whole, fraction] = decimal.split('.');
  const groups = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? groups : `${groups}.${fraction}`;
}

/** A price with as many decimals as its size asks for. */
export function price(value) {
  if (value === undefined) return NOTHING;
  const size = Math.abs(value);
  return fixed(value, size >= 1000 ? 2 : size >= 1 ? 4 : smallDecimals(size, 5));
}

/** A measured number in four significant digits. */
export function short(value) {
  if (value === undefined) return NOTHING;
  return Number(Number(value).toPrecision(4))
    .toLocaleString('en', { maximumFractionDigits: MAX_DECIMALS })
    .replace('-', '−');
}

/** `4.2 s`, `3 min`, `2 h`. */
export function age(ms) {
  if (ms === undefined) return NOTHING;
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  if (ms < 3_600_000) return `${Math.floor(ms / 60_000)} min ${Math.floor((ms % 60_000) / 1_000)} s`;
  if (ms < 86_400_000) return `${Math.floor(ms / 3_600_000)} h ${Math.floor((ms % 3_600_000) / 60_000)} min`;
  return `${Math.floor(ms / 86_400_000)} d`;
}

/** `59 s`, `3 min`, `2 h`, `5 d`: the largest unit alone, where there is little room. */
export function coarseAge(ms) {
  if (ms < 60_000) return `${Math.floor(ms / 1_000)} s`;
  return age(ms).split(' ', 2).join(' ');
}

/** `14:03:07` UTC. */
export const time = (ts) => (ts === undefined ? NOTHING : new Date(ts).toISOString().slice(11, 19));

/** `2026-01-31 14:03:07 UTC`. */
export const dateTime = (ts) => `${new Date(ts).toISOString().slice(0, 19).replace('T', ' ')} UTC`;

/** `1 gap`, `2 gaps`. */
export const counted = (count, one) => `${fixed(count, 0)} ${one}${count === 1 ? '' : 's'}`;

/** Class name for a gain or a loss. */
export const tone = (value) => (value > 0 ? 'good' : value < 0 ? 'bad' : '');

/** `STOP_LOSS` → `stop loss`. */
export const words = (code) => code.toLowerCase().replaceAll('_', ' ');

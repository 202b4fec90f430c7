/** One coin's row of the picture. */
export interface Panel {
  readonly title: string;
  readonly points: readonly {
    readonly ts: number;
    readonly score: number | undefined;
    readonly price: number | undefined;
  }[];
}

const WIDTH = 1_200;
const PANEL = 220;
const LEFT = 60;
const RIGHT = 80;
const TOP = 40;
const DAY_MS = 86_400_000;

/** Score (left, −1..1, filled from 0) against price (right, a line) over time, one panel below the other, as SVG. */
export function sentimentPicture(heading: string, panels: readonly Panel[]): string {
  const height = TOP + panels.length * PANEL + 10;
  const body = panels.map((panel, index) => drawPanel(panel, TOP + index * PANEL)).join('\n');
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="12">`,
    `<rect width="${WIDTH}" height="${height}" fill="#fff"/>`,
    `<text x="${LEFT}" y="22" font-size="15">${escaped(heading)}</text>`,
    body,
    '</svg>',
    '',
  ].join('\n');
}

function drawPanel({ title, points }: Panel, top: number): string {
  const [inner, bottom] = [top + 24, top + PANEL - 22];
  const times = points.map(({ ts }) => ts);
  const [first, last] = [Math.min(...times), Math.max(...times)];
  const prices = points.flatMap(({ price }) => price ?? []);
  const [low, high] = [Math.min(...prices), Math.max(...prices)];
  const x = (ts: number): number => LEFT + ((ts - first) / (last - first)) * (WIDTH - LEFT - RIGHT);
  const within = (share: number): number => bottom - share * (bottom - inner);
  const scoreY = (score: number): number => within((score + 1) / 2);
  const priceY = (price: number): number => within((price - low) / (high - low || 1));
  const scores = points.map(({ ts, score }) => [x(ts), scoreY(score ?? 0)] as const);
  const closes = points.flatMap(({ ts, price }) => (price === undefined ? [] : [[x(ts), priceY(price)] as const]));
  const zero = scoreY(0).toFixed(1);
  return [
    `<text x="${LEFT}" y="${top + 14}">${escaped(title)}</text>`,
    `<rect x="${LEFT}" y="${inner}" width="${WIDTH - LEFT - RIGHT}" height="${bottom - inner}" fill="none" stroke="#ccc"/>`,
    ...[-1, -0.5, 0, 0.5, 1].map((score) => label(LEFT - 6, scoreY(score), score.toFixed(1), 'end')),
    ...(prices.length > 0
      ? [low, (low + high) / 2, high].map((price) => label(WIDTH - RIGHT + 6, priceY(price), amount(price), 'start'))
      : []),
    ...weeks(first, last).map((ts) => label(x(ts), bottom + 12, new Date(ts).toISOString().slice(5, 10), 'middle')),
    `<path d="${path([[LEFT, Number(zero)], ...scores, [scores.at(-1)?.[0] ?? LEFT, Number(zero)]])}Z" fill="#4a7fb5" fill-opacity="0.45"/>`,
    `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${zero}" y2="${zero}" stroke="#888" stroke-dasharray="3 3"/>`,
    `<path d="${path(closes)}" fill="none" stroke="#c0392b" stroke-width="1.5"/>`,
  ].join('\n');
}

function weeks(first: number, last: number): number[] {
  const times: number[] = [];
  for (let ts = Math.ceil(first / DAY_MS) * DAY_MS; ts <= last; ts += 7 * DAY_MS) times.push(ts);
  return times;
}

function path(points: readonly (readonly [number, number])[]): string {
  return points.map(([x, y], index) => `${index === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`).join('');
}

function label(x: number, y: number, text: string, anchor: 'start' | 'middle' | 'end'): string {
  return `<text x="${x.toFixed(1)}" y="${(y + 4).toFixed(1)}" text-anchor="${anchor}" fill="#555">${escaped(text)}</text>`;
}

function amount(price: number): string {
  return price >= 100 ? Math.round(price).toLocaleString('en') : price.toPrecision(3);
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

/** A rising curve through points; between two points it is straight, outside it is flat. */
export interface RisingCurve {
  readonly x: readonly number[];
  readonly y: readonly number[];
}

interface Block {
  x: number;
  y: number;
  weight: number;
}

/**
 * The rising curve with the least weighted squared error, by pooling adjacent violators; each block is a point at its mean.
 * Source: Barlow et al., "Statistical inference under order restrictions", 1972.
 */
export function isotonicCurve(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  weights: ArrayLike<number> | undefined = undefined,
): RisingCurve {
  const order = Uint32Array.from({ length: x.length }, (_, n) => n).sort((a, b) => (x[a] ?? 0) - (x[b] ?? 0) || a - b);
  const blocks: Block[] = [];
  for (const place of order) {
    const weight = weights === undefined ? 1 : (weights[place] ?? 0);
    if (weight <= 0) continue;
    let block: Block = { x: x[place] ?? 0, y: y[place] ?? 0, weight };
    for (let last = blocks.at(-1); last !== undefined && mustPool(last, block); last = blocks.at(-1)) {
      block = pooled(last, block);
      blocks.pop();
    }
    blocks.push(block);
  }
  return { x: blocks.map((block) => block.x), y: blocks.map((block) => block.y) };
}

/** Equal arguments have one value; a fall is no rise. */
const mustPool = (last: Block, next: Block) => last.x === next.x || last.y >= next.y;

function pooled(a: Block, b: Block): Block {
  const weight = a.weight + b.weight;
  return { x: (a.x * a.weight + b.x * b.weight) / weight, y: (a.y * a.weight + b.y * b.weight) / weight, weight };
}

/** The curve at `at`; NaN for a curve without points. */
export function valueOnCurve({ x, y }: RisingCurve, at: number): number {
  if (x.length === 0 || Number.isNaN(at)) return Number.NaN;
  let [low, high] = [0, x.length - 1];
  if (at <= (x[low] ?? 0)) return y[low] ?? Number.NaN;
  if (at >= (x[high] ?? 0)) return y[high] ?? Number.NaN;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((x[middle] ?? 0) <= at) low = middle;
    else high = middle;
  }
  const share = (at - (x[low] ?? 0)) / ((x[high] ?? 0) - (x[low] ?? 0));
  return (y[low] ?? 0) + share * ((y[high] ?? 0) - (y[low] ?? 0));
}

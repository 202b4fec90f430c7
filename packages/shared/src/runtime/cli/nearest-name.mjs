/**
 * Number of letters to insert, delete, change or swap with their neighbour to get from `a` to `b`
 * (optimal string alignment distance), any case.
 * @param {string} a
 * @param {string} b
 * @returns {number}
 */
export function editDistance(a, b) {
  const from = a.toLowerCase();
  const to = b.toLowerCase();
  /** @type {number[]} */
  let beforeLast = [];
  let last = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const changed = from[row - 1] === to[column - 1] ? 0 : 1;
      const swapped = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      current[column] = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + changed,
        row > 1 && column > 1 && swapped ? (beforeLast[column - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    beforeLast = last;
    last = current;
  }
  return last[to.length] ?? 0;
}

/**
 * A number that the edit distance is never below. It costs a small part of it: each start of a process compares every variable
 * of its environment with every setting.
 * @param {string} a
 * @param {string} b
 * @returns {number}
 */
function leastDistance(a, b) {
  let missing = 0;
  let rest = b.toLowerCase();
  for (const letter of a.toLowerCase()) {
    // Every letter of `a` that is not in `b` is one edit, and so is every letter of `b` that is left.
    const shorter = rest.replace(letter, '');
    if (shorter.length === rest.length) missing += 1;
    rest = shorter;
  }
  return Math.max(missing, rest.length);
}

/**
 * The candidate with the smallest edit distance, the first of equals; undefined without candidates.
 * @param {string} name
 * @param {Iterable<string>} candidates
 * @param {number} [maxDistance] the caller treats a greater distance as undefined, so such candidates may be left out
 * @returns {{ name: string, distance: number } | undefined}
 */
export function nearestName(name, candidates, maxDistance = Number.POSITIVE_INFINITY) {
  /** @type {{ name: string, distance: number } | undefined} */
  let nearest;
  for (const candidate of candidates) {
    const limit = Math.min(maxDistance, (nearest?.distance ?? Number.POSITIVE_INFINITY) - 1);
    if (leastDistance(name, candidate) > limit) continue;
    const distance = editDistance(name, candidate);
    if (nearest === undefined || distance < nearest.distance) nearest = { name: candidate, distance };
  }
  return nearest;
}

/**
 * ` The nearest is X.`, for the end of a sentence; empty if no candidate shares at least half of its letters.
 * @param {string} name
 * @param {Iterable<string>} candidates
 * @param {(candidate: string) => string} [shown]
 * @returns {string}
 */
export function nearestHint(name, candidates, shown = (candidate) => candidate) {
  const nearest = nearestName(name, candidates);
  return nearest === undefined || nearest.distance > name.length / 2 ? '' : ` The nearest is ${shown(nearest.name)}.`;
}

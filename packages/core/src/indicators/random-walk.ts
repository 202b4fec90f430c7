/** Mean range of a random walk over its standard deviation (Feller 1951). */
export const RANGE_PER_SIGMA = Math.sqrt(8 / Math.PI);

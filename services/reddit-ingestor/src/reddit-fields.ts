import { z } from 'zod';

/** The site opened in June 2005. A time before that, or after 2100, has another unit or is invalid. */
const FIRST_SEC = 1_117_584_000;
const LAST_SEC = 4_102_444_800;

/** A thing's id without its kind. */
export const RedditId = z.string().min(1).max(20);

/** A thing's id with its kind, `t3_…`. */
export const RedditName = z.string().min(1).max(23);

/** When a thing was posted, seconds. */
export const CreatedUtc = z.number().min(FIRST_SEC).max(LAST_SEC);

import { banned, type Refusal, tooManyRequests } from './refusal.ts';

/** Bodies of the venue's errors; none for 403, because the venue's firewall answers that with a page. */
export function venueError(
  status: number,
  untilMs: number,
  weightLimit: number,
  isAfter: boolean,
): Pick<Refusal, 'code' | 'msg'> | undefined {
  if (status === 403) return undefined;
  if (status === 429) return bare(tooManyRequests(weightLimit));
  if (status === 418) return bare(banned(untilMs));
  if (status === 451) return { code: 0, msg: 'Service unavailable from a restricted location. See the terms of use.' };
  if (status === 503 && isAfter)
    return { code: -1000, msg: 'Unknown error, please check your request or try again later.' };
  if (status === 503)
    return {
      code: -1008,
      msg: 'Server is currently overloaded with other requests. Please try again in a few minutes.',
    };
  if (status === 408 || status === 504) {
    const msg = 'Timeout waiting for response from backend server. Send status unknown; execution status unknown.';
    return { code: -1007, msg };
  }
  return { code: -1000, msg: 'An unknown error occurred while processing the request.' };
}

function bare({ code, msg }: Refusal): Pick<Refusal, 'code' | 'msg'> {
  return { code, msg };
}

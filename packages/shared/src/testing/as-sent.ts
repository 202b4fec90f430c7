/** Documents as their readers get them: JSON, without classes and getters. */
export function asSent<T>(documents: T): T {
  return JSON.parse(JSON.stringify(documents)) as T;
}

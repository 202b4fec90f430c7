/** The calls of one client that the venue answered, under the client's own names. */
export class CallRecord {
  readonly #names = new Set<string>();

  /** The same client; each method that returns a promise is recorded when it resolves. Calls inside the client are not. */
  of<T extends object>(client: T): T {
    return new Proxy(client, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name, target);
        if (typeof value !== 'function' || typeof name !== 'string') return value;
        return (...args: unknown[]) => this.#watch(name, Reflect.apply(value, target, args));
      },
    });
  }

  /** Recorded names, sorted. */
  names(): readonly string[] {
    return [...this.#names].sort();
  }

  #watch(name: string, result: unknown): unknown {
    if (!(result instanceof Promise)) return result;
    return result.then((value: unknown) => {
      this.#names.add(name);
      return value;
    });
  }
}

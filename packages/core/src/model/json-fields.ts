import { ModelRefusal } from './model-refusal.ts';

/** Reads the fields of a parsed JSON file; a missing or odd one is refused with its path. */
export class JsonFields {
  readonly #file: string;
  readonly #path: string;
  readonly #value: Readonly<Record<string, unknown>>;

  /** @throws ModelRefusal if `value` is no object */
  constructor(file: string, value: unknown, path = '') {
    this.#file = file;
    this.#path = path;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw this.refusal('must be an object');
    this.#value = value as Readonly<Record<string, unknown>>;
  }

  has(key: string): boolean {
    return this.#value[key] !== undefined && this.#value[key] !== null;
  }

  object(key: string): JsonFields {
    return new JsonFields(this.#file, this.#value[key], this.#at(key));
  }

  objects(key: string): readonly JsonFields[] {
    return this.list(key).map((value, index) => new JsonFields(this.#file, value, `${this.#at(key)}[${index}]`));
  }

  list(key: string): readonly unknown[] {
    const value = this.#value[key];
    if (!Array.isArray(value)) throw this.refusal('must be a list', key);
    return value;
  }

  /** A list of finite numbers; true and false count as 1 and 0. */
  numbers(key: string): Float64Array {
    const values = this.list(key);
    const numbers = new Float64Array(values.length);
    for (const [index, value] of values.entries()) {
      const number = typeof value === 'boolean' ? Number(value) : value;
      if (typeof number !== 'number' || !Number.isFinite(number))
        throw this.refusal(`must hold numbers, but element ${index} is ${JSON.stringify(value)}`, key);
      numbers[index] = number;
    }
    return numbers;
  }

  texts(key: string): readonly string[] {
    const values = this.list(key);
    if (!values.every((value) => typeof value === 'string')) throw this.refusal('must hold texts', key);
    return values;
  }

  text(key: string): string {
    const value = this.#value[key];
    if (typeof value !== 'string') throw this.refusal('must be a text', key);
    return value;
  }

  /** A number, or a text with one: XGBoost writes its parameters as texts. */
  number(key: string): number {
    const value = this.#value[key];
    const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
    if (typeof number !== 'number' || !Number.isFinite(number)) throw this.refusal('must be a number', key);
    return number;
  }

  refusal(problem: string, key?: string): ModelRefusal {
    const path = key === undefined ? this.#path : this.#at(key);
    return new ModelRefusal('BAD_FILE', `${this.#file}: ${path === '' ? 'the content' : path} ${problem}.`);
  }

  #at(key: string): string {
    return this.#path === '' ? key : `${this.#path}.${key}`;
  }
}

import type { Socket } from 'node:net';
import type { LinkFault } from './link-fault.ts';

/** Bytes that wait in one direction before the sender is slowed down. */
const MAX_WAITING_BYTES = 1_000_000;

/** One direction of a proxied connection. */
interface Direction {
  readonly from: Socket;
  readonly to: Socket;
  fault(): LinkFault | undefined;
  /** Called for each piece of data that a fault hits. */
  onMet(): void;
}

/** Carries the bytes of one direction in order: at once, late, slowly or not, as the fault of the link demands. */
export class ProxiedDirection {
  readonly #direction: Direction;
  readonly #waiting: { readonly data: Buffer; readonly dueMs: number }[] = [];
  #waitingBytes = 0;
  #freeMs = 0;
  #hasEnded = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(direction: Direction) {
    this.#direction = direction;
    const { from } = direction;
    from.on('data', (data) => this.#take(data));
    for (const end of ['end', 'close'] as const)
      from.once(end, () => {
        this.#hasEnded = true;
        this.#pump();
      });
  }

  /** The fault of the link has changed. */
  onFault(): void {
    this.#pump();
  }

  #take(data: Buffer): void {
    const fault = this.#direction.fault();
    if (fault !== undefined) this.#direction.onMet();
    this.#waiting.push({ data, dueMs: this.#dueMs(fault, data.length) });
    this.#waitingBytes += data.length;
    if (this.#waitingBytes > MAX_WAITING_BYTES) this.#direction.from.pause();
    this.#pump();
  }

  #dueMs(fault: LinkFault | undefined, bytes: number): number {
    const nowMs = performance.now();
    if (fault?.kind === 'DELAY') return nowMs + fault.ms;
    if (fault?.kind !== 'BANDWIDTH') return nowMs;
    this.#freeMs = Math.max(this.#freeMs, nowMs) + (bytes / fault.bytesPerSec) * 1_000;
    return this.#freeMs;
  }

  #pump(): void {
    clearTimeout(this.#timer);
    const { from, to } = this.#direction;
    if (to.destroyed) this.#waiting.length = 0;
    if (this.#isHeld) return;
    for (let first = this.#waiting[0]; first !== undefined; first = this.#waiting[0]) {
      const inMs = first.dueMs - performance.now();
      if (inMs > 0) {
        this.#timer = setTimeout(() => this.#pump(), inMs);
        return;
      }
      this.#waiting.shift();
      this.#waitingBytes -= first.data.length;
      to.write(first.data);
    }
    if (from.isPaused()) from.resume();
    // What the sender wrote before it gave up arrives all the same, as on a real network.
    if (this.#hasEnded) to.destroySoon();
  }

  get #isHeld(): boolean {
    const kind = this.#direction.fault()?.kind;
    return kind === 'HALF_OPEN' || kind === 'STALL';
  }
}

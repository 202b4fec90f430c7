/** Runs steps one after the other. A step that another one causes runs after it, so that no step sees a half-done one. */
export class StepQueue<Step> {
  readonly #run: (step: Step) => void;
  readonly #steps: Step[] = [];
  #isActing = false;

  constructor(run: (step: Step) => void) {
    this.#run = run;
  }

  act(step: Step): void {
    this.#steps.push(step);
    if (this.#isActing) return;
    this.#isActing = true;
    try {
      for (let next = this.#steps.shift(); next !== undefined; next = this.#steps.shift()) this.#run(next);
    } finally {
      this.#isActing = false;
    }
  }
}

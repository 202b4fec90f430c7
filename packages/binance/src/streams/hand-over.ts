interface LastTexts {
  ofOld: string | undefined;
  ofNew: string | undefined;
}

/**
 * While two sessions deliver the same streams, decides text by text which one is heard, so that nothing comes twice or never. Both
 * get the same texts, one a little later than the other: as soon as a stream's last text is the same on both, the new session goes
 * on where the old one stopped.
 */
export class HandOver {
  readonly #texts = new Map<string, LastTexts>();
  readonly #movedNames = new Set<string>();

  /** A text of the old session: whether it is passed on. */
  takesOld(name: string, text: string): boolean {
    if (this.#movedNames.has(name)) return false;
    const texts = this.#textsOf(name);
    texts.ofOld = text;
    if (texts.ofNew === text) this.#movedNames.add(name);
    return true;
  }

  /** A text of the new session: whether it is passed on. */
  takesNew(name: string, text: string): boolean {
    if (this.#movedNames.has(name)) return true;
    const texts = this.#textsOf(name);
    texts.ofNew = text;
    if (texts.ofOld === text) this.#movedNames.add(name);
    return false;
  }

  /** The new session has this stream, and nothing of it was missed. */
  hasMoved(name: string): boolean {
    return this.#movedNames.has(name);
  }

  /** The stream said nothing on either session: where the new one has it subscribed, nothing can be missed. */
  wasQuiet(name: string): boolean {
    return !this.#texts.has(name);
  }

  /** These are subscribed anew on both sessions. */
  forget(names: readonly string[]): void {
    for (const name of names) {
      this.#movedNames.delete(name);
      this.#texts.delete(name);
    }
  }

  #textsOf(name: string): LastTexts {
    const known = this.#texts.get(name);
    if (known !== undefined) return known;
    const texts = { ofOld: undefined, ofNew: undefined };
    this.#texts.set(name, texts);
    return texts;
  }
}

interface LastTexts {
  ofOld: string | undefined;
  ofNew: string | undefined;
}

/**
 * While two sessions deliver the same streams, decides for each text which session counts, so that no text is lost or repeated. Both
 * get the same texts, one a little later. As soon as a stream's last text is the same on both, the new session takes the stream
 * over.
 */
export class HandOver {
  readonly #texts = new Map<string, LastTexts>();
  readonly #movedNames = new Set<string>();

  /** True if a text of the old session is passed on. */
  takesOld(name: string, text: string): boolean {
    if (this.#movedNames.has(name)) return false;
    const texts = this.#textsOf(name);
    texts.ofOld = text;
    if (texts.ofNew === text) this.#movedNames.add(name);
    return true;
  }

  /** True if a text of the new session is passed on. */
  takesNew(name: string, text: string): boolean {
    if (this.#movedNames.has(name)) return true;
    const texts = this.#textsOf(name);
    texts.ofNew = text;
    if (texts.ofOld === text) this.#movedNames.add(name);
    return false;
  }

  /** True if the new session has taken this stream over without a gap. */
  hasMoved(name: string): boolean {
    return this.#movedNames.has(name);
  }

  /** True if the stream sent nothing on either session: if the new session has subscribed it, there is no gap. */
  wasQuiet(name: string): boolean {
    return !this.#texts.has(name);
  }

  /** Forgets streams that both sessions subscribe again. */
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

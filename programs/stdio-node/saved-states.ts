/** What a node program saved at places of its dialogues, within a bound of memory: the oldest is forgotten first, and is then repeated from an earlier place. */

const mostCharacters = 64 << 20;

export class SavedStates {
  readonly #texts = new Map<number, string>();
  #characters = 0;

  keep(at: number, saved: string): void {
    this.#texts.set(at, saved);
    this.#characters += saved.length;
    for (const [oldest, text] of this.#texts) {
      if (this.#characters <= mostCharacters) return;
      this.#texts.delete(oldest);
      this.#characters -= text.length;
    }
  }

  get(at: number): string | undefined {
    return this.#texts.get(at);
  }
}

/** One line on a terminal that says how far a long job is; silent elsewhere, and silent for the first second. */
export class Progress {
  readonly #isShown: boolean;
  readonly #started = performance.now();
  #last = this.#started;
  #isDirty = false;

  constructor(isWanted: boolean) {
    this.#isShown = isWanted && process.stderr.isTTY === true;
  }

  get seconds(): number {
    return (performance.now() - this.#started) / 1000;
  }

  show(done: number, total: number | undefined, what: string): void {
    const now = performance.now();
    if (!this.#isShown || now - this.#started < 1000 || now - this.#last < 200) return;
    this.#last = now;
    const rate = done / this.seconds;
    const left = total === undefined || done === 0 ? '' : `, about ${Math.ceil((total - done) / rate)} s left`;
    const of = total === undefined ? '' : ` of ${total}`;
    process.stderr.write(`\r${done}${of} ${what}, ${rate.toFixed(rate < 10 ? 1 : 0)} a second${left}   `);
    this.#isDirty = true;
  }

  end(): void {
    if (this.#isDirty) process.stderr.write('\r\u001b[K');
    this.#isDirty = false;
  }
}

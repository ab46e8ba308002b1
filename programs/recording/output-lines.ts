/** Lines of a program's output, put together from the pieces in which it was written. A line counts from the write that ended it. */
export class OutputLines {
  #rest = '';

  linesOf(bytes: Uint8Array): readonly string[] {
    const text = this.#rest + Buffer.from(bytes).toString();
    const lines = text.split('\n');
    this.#rest = lines.pop() ?? '';
    return lines.map((line) => line.replace(/\r$/, '')).filter((line) => line !== '');
  }
}

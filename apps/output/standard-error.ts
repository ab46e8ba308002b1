/** What the command says on the standard error, a line or more; results go to the standard output. */
import { printed } from './escape.ts';

export function say(text: string): void {
  process.stderr.write(`${printed(text, false)}\n`);
}

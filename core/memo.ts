/**
 * What was found of messages last: in a simulation all nodes ask the same of one message, one behind the other. Nothing depends on what is
 * remembered, and of each message only that object itself is known again, not its like.
 */
import { digestOf } from './digest.ts';

const places = 256;

export class Memo<Asked extends object, Found> {
  readonly #find: (asked: Asked) => Found;
  readonly #known: { readonly asked: Asked; readonly found: Found }[] = [];

  /** `find` is asked again where it is not remembered; what it found must not be changed by anybody. */
  constructor(find: (asked: Asked) => Found) {
    this.#find = find;
  }

  of(asked: Asked): Found {
    const place = digestOf(asked) % places;
    const known = this.#known[place];
    if (known?.asked === asked) return known.found;
    const found = this.#find(asked);
    this.#known[place] = { asked, found };
    return found;
  }
}

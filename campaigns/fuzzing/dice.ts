/** Draws of a seed, under a label of their own: one draw more under one label shifts none under another. */
import { type ChoiceSource, seeded } from '../../core/choice.ts';

export class Dice {
  readonly #choices: ChoiceSource;
  readonly #label: string;
  #draws = 0;

  constructor(seed: number, label = 'nemesis') {
    this.#choices = seeded(seed);
    this.#label = label;
  }
  below(count: number): number {
    this.#draws += 1;
    return this.#choices.choose(count, this.#label, this.#draws);
  }
  between(lowest: number, highest: number): number {
    return lowest + this.below(highest - lowest + 1);
  }
  pick<Item>(items: readonly Item[]): Item {
    return items[this.below(items.length)] as Item;
  }
}

/** Random draws from a seed and a label. Labels are independent: one more draw under one label does not change the draws under another. */
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

/**
 * The run hash: two lanes of 32 bits. Each step of the run is folded into them. Two runs of one scenario with one seed have equal hashes. If they do not, a
 * comparison step by step finds the first difference.
 */
import { mix } from '../../core/digest.ts';

export class RunHash {
  #high: number;
  #low: number;

  constructor(high = 0x6c617a75, low = 0x72697465) {
    this.#high = high;
    this.#low = low;
  }

  /** `time` in microseconds; `node` and `message` are digests. */
  step(time: number, node: number, life: number, actor: number, message: number): void {
    this.#high = mix(this.#high, time | 0) ^ node;
    this.#low = mix(mix(this.#low, message), life * 64 + actor) ^ this.#high;
  }

  effect(kind: number, digest: number): void {
    this.#low = mix(this.#low ^ kind, digest);
  }

  get text(): string {
    return (
      (mix(this.#high, this.#low) >>> 0).toString(16).padStart(8, '0') + (this.#low >>> 0).toString(16).padStart(8, '0')
    ).toUpperCase();
  }

  fork(): RunHash {
    return new RunHash(this.#high, this.#low);
  }
}

/** Which lies and which rules of an application came to an occasion in one run: one that never did has done nothing, like a fault that never struck. */
import { appliesTo, isWithin, type Lie } from '../actors/byzantine/index.ts';
import type { Message, WireData } from '../core/effects.ts';
import type { RunEvent } from '../core/events.ts';
import { type ApplicationRule, ruleFits } from './application.ts';
import { liesOf } from './lies.ts';
import { type ScenarioData, signerOf } from './model.ts';

export class OccasionCounter {
  readonly #lies: readonly (readonly [node: string, lies: readonly Lie[]])[];
  readonly #rules: readonly ApplicationRule[];
  readonly #signerOf: (node: string) => string;
  readonly #came = new Set<Lie | ApplicationRule>();

  constructor(data: ScenarioData) {
    const { byzantine, application = [] } = data;
    this.#signerOf = (node) => signerOf(data, node);
    this.#lies = Object.entries(byzantine).map(([node, lies]) => [node, liesOf(lies)]);
    this.#rules = application;
  }

  count(event: RunEvent): void {
    if (event.type !== 'deliver') return;
    const { node, message, life } = event;
    if (event.actor === 'network' && message.type === 'publish') {
      const [, lies = []] = this.#lies.find(([liar]) => liar === node) ?? [];
      const { data } = message as Message & { readonly data: WireData };
      for (const lie of lies) if (isAbout(lie, data, this.#signerOf(node))) this.#came.add(lie);
    }
    if (event.actor !== 'host') return;
    for (const rule of this.#rules)
      if (rule.nodes?.includes(node) !== false && ruleFits(rule, message, life)) this.#came.add(rule);
  }

  /** Those without an occasion, in words. */
  idle(): readonly string[] {
    const lies = this.#lies.flatMap(([node, all]) =>
      all.flatMap((lie) =>
        this.#came.has(lie) ? [] : [`the lie '${lie.role}' of ${node} was never told: ${node} said nothing that it is about`],
      ),
    );
    const rules = this.#rules.flatMap((rule, index) =>
      this.#came.has(rule)
        ? []
        : [`rule ${index + 1} of the application (${rule.does}) did nothing: nothing that it is about was asked`],
    );
    return [...lies, ...rules];
  }
}

/** Amnesia is about a lock, which a node takes as it precommits a value. */
function isAbout(lie: Lie, data: WireData, signer: string): boolean {
  if (lie.role !== 'amnesia') return appliesTo(lie, data, signer);
  const { height, round, voteType, value } = data as WireData & Readonly<Record<string, unknown>>;
  const isLock = voteType === 'precommit' && value !== null;
  return isLock && isWithin(lie.heights, Number(height)) && isWithin(lie.rounds, Number(round));
}

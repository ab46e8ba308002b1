/** Plain random kills: each seed has one victim and up to three deaths at drawn points. Most tools do this, so other campaigns are compared with it. */
import { seeded } from '../../core/choice.ts';
import { castOf, type ScenarioData, type ScriptStep } from '../../scenarios/model.ts';
import { drawnSites } from './drawn-sites.ts';

/** The scenario with a script that kills one random node up to three times, at random sites. */
export function randomKills(data: ScenarioData, seed: number): ScenarioData {
  const { choose } = seeded(seed);
  const pick = <Item>(items: readonly Item[], label: string, subject: number): Item =>
    items[choose(items.length, label, subject)] as Item;
  const steps: ScriptStep[] = [];
  const victim = pick(castOf(data), 'victim', 0);
  for (let death = 0; death <= choose(3, 'deaths', 0); death += 1) {
    const kind = pick(['kill', 'power'] as const, 'kind', death);
    const phase = pick(['before', 'torn', 'after'] as const, 'phase', death);
    const image = pick(['none', 'all', { cut: choose(200, 'cut', death) }] as const, 'image', death);
    const strike = { site: pick(drawnSites, 'site', death), phase, nth: 1 + choose(12, 'nth', death) };
    steps.push(
      { type: 'death', kind, strike, image: kind === 'kill' ? 'none' : image },
      { type: 'restart', afterMs: 100 + choose(2000, 'restart', death) },
    );
  }
  return { ...data, proposers: {}, variants: [], mustReach: [], decides: [], about: [], scripts: { [victim]: steps }, seed };
}

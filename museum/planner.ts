/** Wraps the planner of a boot, for exhibits that misread a correct log. */
import type { NodeParts, Planner } from '../actors/node/index.ts';

export function withPlanner<Config, State, Input, Said, AppState>(
  parts: NodeParts<Config, State, Input, Said, AppState>,
  wrap: (plan: Planner) => Planner,
): NodeParts<Config, State, Input, Said, AppState> {
  return { ...parts, wal: { ...parts.wal, plan: wrap(parts.wal.plan) } };
}

/** Properties of any protocol: what a durable node owes, whatever it votes on. */
import type { Property } from '../../actors/record.ts';

export function propertiesOf(): readonly Property[] {
  return [];
}

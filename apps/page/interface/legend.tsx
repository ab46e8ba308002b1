/** What the signs of the stage mean. */
import type { VNode } from 'preact';

const signs: readonly (readonly [string, string])[] = [
  ['chip said', 'in memory'],
  ['chip cached', 'in the page cache: a power failure takes it'],
  ['chip durable', 'on the disk: it stays'],
  ['chip lost', 'lost'],
  ['pill own', 'a message on its way'],
];

export function Legend(): VNode {
  return (
    <ul class="legend" aria-label="legend" data-rule>
      {signs.map(([kind, text]) => (
        <li key={kind}>
          <span class={`${kind} sample`} aria-hidden="true" />
          {text}
        </li>
      ))}
    </ul>
  );
}

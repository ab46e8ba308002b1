/** The list of keys. */
import type { VNode } from 'preact';
import { keyList } from './keys.ts';
import { isHelpOpen } from './state.ts';

export function Help(): VNode | null {
  if (!isHelpOpen.value) return null;
  return (
    <section class="panel help" role="dialog" aria-label="keys">
      <h2>Keys</h2>
      <dl>
        {keyList.map(([key, what]) => (
          <div key={key}>
            <dt>{key}</dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <button type="button" onClick={() => (isHelpOpen.value = false)}>
        close
      </button>
    </section>
  );
}

/** A lesson on paper: a page for each stop, with the nodes as they are there. Made when the page is printed. */
import { render, type VNode } from 'preact';
import type { Lesson } from '../lesson.ts';
import type { PageRecord } from '../record/page-record.ts';
import { terms } from '../story/glossary.ts';
import { Legend } from './legend.tsx';
import { Words } from './sentences.tsx';
import { NodeCard } from './stage.tsx';
import { lesson, record, records } from './state.ts';
import { tour } from './tour.ts';

export function printable(): void {
  const root = document.createElement('div');
  root.className = 'handout';
  addEventListener('beforeprint', () => {
    render(<Handout />, root);
    document.body.append(root);
  });
  addEventListener('afterprint', () => root.remove());
}

function recordOf(variant: string | null): PageRecord {
  const name = lesson.value?.data.name ?? record.value.data.name;
  return records.value.find((one) => one.data.name === name && one.variant === variant) ?? record.value;
}

function Handout(): VNode {
  const of = lesson.value;
  return (
    <>
      {tour.value.map(({ row, node, variant, head, more }, index) => {
        const shown = of === undefined ? record.value : recordOf(variant);
        return (
          <section key={index} class="page">
            <p class="count">
              {of?.title ?? record.value.data.name}, step {index + 1} of {tour.value.length}
              {variant === null ? '' : ` · ${variant}`}
            </p>
            <h2>
              <Words sentence={head} />
            </h2>
            {more.map((one) => (
              <p key={one.text}>
                <Words sentence={one} />
              </p>
            ))}
            <div class={`stage cards ${shown.nodes.length > 4 ? 'crowded columns-4' : 'columns-2'}`}>
              {shown.nodes.map((name, at) => (
                <NodeCard key={name} record={shown} at={row} node={at} focus={node} />
              ))}
            </div>
            <Legend record={shown} at={row} focus={node} isPaper={true} />
          </section>
        );
      })}
      {of === undefined ? null : <Last of={of} />}
    </>
  );
}

function Last({ of }: { readonly of: Lesson }): VNode {
  const { question } = of;
  return (
    <section class="page">
      <h2 data-guess>{question.ask}</h2>
      <ol>
        {question.answers.map(({ text }) => (
          <li key={text} data-guess>
            {text}
          </li>
        ))}
      </ol>
      <h2>The rule</h2>
      {of.rule.map((one) => (
        <p key={one.text}>
          <Words sentence={one} />
        </p>
      ))}
      <h2>Words</h2>
      <dl class="terms" data-rule>
        {terms.map(({ name, means }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{means}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

import { createElement } from 'react';
import type { ReactNode } from 'react';
import type { Block, Item, Span } from './markdown-read.ts';

/** The panel around it has headings of its own down to the third. */
const TOP_LEVEL = 3;
const LAST_LEVEL = 6;

/** Markdown laid out by our own elements: nothing of the text becomes one. */
export function Markdown({ blocks }: { readonly blocks: readonly Block[] }) {
  return (
    <div className="markdown" dir="auto">
      {blocks.map((block, at) => (
        <Part key={at} block={block} />
      ))}
    </div>
  );
}

function Part({ block }: { readonly block: Block }) {
  switch (block.kind) {
    case 'heading':
      return createElement(
        `h${Math.min(LAST_LEVEL, block.level + TOP_LEVEL - 1)}`,
        { 'data-level': block.level },
        spansOf(block.spans),
      );
    case 'quote':
      return <blockquote>{spansOf(block.spans)}</blockquote>;
    case 'list':
      return <ul role="list">{block.items.map((item, at) => entry(item, at))}</ul>;
    case 'table':
      return <Grid rows={block.rows} />;
    case 'code':
      return (
        <pre tabIndex={0}>
          <code>{block.text}</code>
        </pre>
      );
    case 'rule':
      return <hr />;
    default:
      return <p>{spansOf(block.spans)}</p>;
  }
}

function entry({ depth, number, isDone, spans }: Item, at: number): ReactNode {
  const box = isDone === true ? '☑' : '☐';
  const mark = isDone === null ? (number === null ? '•' : `${number}.`) : box;
  return (
    <li key={at} style={{ marginInlineStart: `${depth * 1.5}em` }}>
      <span aria-hidden={isDone === null && number === null} className="min-w-[1.2em] shrink-0 text-muted">
        {mark}
      </span>
      <span className="min-w-0">
        {isDone === null ? null : <span className="sr-only">{isDone ? 'Done: ' : 'To do: '}</span>}
        {spansOf(spans)}
      </span>
    </li>
  );
}

function Grid({ rows }: { readonly rows: readonly (readonly (readonly Span[])[])[] }) {
  const [head = [], ...body] = rows;
  return (
    <div className="overflow-x-auto" tabIndex={0} role="group" aria-label="Table">
      <table className="text-table">
        <thead>
          <tr>
            {head.map((cell, at) => (
              <th key={at} scope="col">
                {spansOf(cell)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {body.map((row, line) => (
            <tr key={line}>
              {row.map((cell, at) => (
                <td key={at}>{spansOf(cell)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const LOOKS = { strong: 'strong', em: 'em', code: 'code', struck: 's' } as const;

function spansOf(spans: readonly Span[]): ReactNode {
  return spans.map(({ text, look, href }, at) => {
    if (href !== undefined) {
      return (
        <a key={at} href={href} target="_blank" rel="noreferrer noopener">
          {text}
        </a>
      );
    }
    return look === undefined ? text : createElement(LOOKS[look], { key: at }, text);
  });
}

import { useState } from 'react';
import { plural } from '../i18n/format.ts';
import { Button } from '../ui/button.tsx';
import type { JsonNode } from './json-read.ts';

/** Children painted at once, and those that are more. */
const SOME = 100;
/** As many entries as are seen at one look are unfolded by themselves. */
const FEW = 12;
const OPEN_DEPTH = 2;

/** JSON as a tree whose branches fold; long ones come in portions. */
export function JsonTree({ root }: { readonly root: JsonNode }) {
  return (
    <div className="json-tree font-mono" dir="ltr">
      <Branch name={null} node={root} depth={0} />
    </div>
  );
}

interface BranchProps {
  readonly name: string | null;
  readonly node: JsonNode;
  readonly depth: number;
}

function Branch({ name, node, depth }: BranchProps) {
  const isShort = 'children' in node && node.children.length <= FEW;
  const [isOpen, setOpen] = useState(depth === 0 || (depth <= OPEN_DEPTH && isShort));
  const [shown, setShown] = useState(SOME);
  const label = name === null ? null : <span className="text-accent">{name}: </span>;
  if (!('children' in node)) {
    return (
      <div className="json-leaf">
        {label}
        <Value node={node} />
      </div>
    );
  }
  const { children, kind, isCut } = node;
  const count = kind === 'array' ? plural(children.length, 'item') : plural(children.length, 'field');
  const left = children.length - shown;
  return (
    <details open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        {label}
        <span className="text-muted">
          {kind === 'array' ? '[ ]' : '{ }'} {children.length === 0 ? 'empty' : count}
          {isCut ? ', cut off' : ''}
        </span>
      </summary>
      {isOpen ? (
        <div className="json-branch">
          {children.slice(0, shown).map(([key, child], at) => (
            <Branch key={at} name={key} node={child} depth={depth + 1} />
          ))}
          {left > 0 ? (
            <Button small tone="quiet" onPress={() => setShown(shown + SOME * 5)}>
              Show {plural(Math.min(left, SOME * 5), 'more', 'more')}
            </Button>
          ) : null}
        </div>
      ) : null}
    </details>
  );
}

function Value({ node }: { readonly node: Exclude<JsonNode, { readonly children: unknown }> }) {
  if (node.kind !== 'text') return <span className="text-good">{node.text}</span>;
  return (
    <span className="break-words whitespace-pre-wrap" dir="auto">
      {node.text === '' ? '“”' : node.text}
    </span>
  );
}

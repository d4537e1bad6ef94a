import { Copy, Download, Eye, Link2, Maximize2, Pencil, Pin, Tags, Trash2 } from 'lucide-react';
import { useRef } from 'react';
import type { ReactNode } from 'react';
import { Menu, MenuItem, Popover, Separator } from 'react-aria-components';
import { client, explain } from '../data/client.ts';
import { useLibraryNav } from '../data/nav.ts';
import { useBrand, useSession } from '../data/session.tsx';
import { selectionCount, useView } from '../data/view.ts';
import { plural } from '../i18n/format.ts';
import { downloadSelection, runBulk, useBulk } from './bulk-acts.ts';
import { useKeepActs } from './collection-buttons.tsx';
import { addressOf } from './detail-actions.tsx';
import { copyText } from './detail-copy.ts';
import { toast } from './toast.tsx';

interface Act {
  readonly id: string;
  readonly label: string;
  readonly icon: ReactNode;
  readonly run: () => void;
}

const close = () => useBulk.setState({ menu: null });

/** The acts of the selection's bar, and those of a single card, at the pointer or at the focused card. */
export function CardMenu() {
  const at = useBulk((state) => state.menu);
  const selection = useView((view) => view.selection);
  const anchor = useRef<HTMLDivElement>(null);
  const [first, ...groups] = useActs();
  const count = selectionCount(selection);
  if (at === null || count <= 0) return null;
  return (
    <>
      <div ref={anchor} className="fixed size-px" style={{ left: at.x, top: at.y }} />
      <Popover
        triggerRef={anchor}
        isOpen
        onOpenChange={(open) => (open ? undefined : close())}
        placement="bottom start"
        offset={2}
        className="popover min-w-56 p-1"
      >
        <Menu
          aria-label={`Actions for ${plural(count, 'selected asset')}`}
          autoFocus="first"
          onClose={close}
          className="outline-none"
        >
          {(first ?? []).map(item)}
          {groups.flatMap((acts, n) => [
            <Separator key={`line-${n}`} className="my-1 border-t border-line" />,
            ...acts.map(item),
          ])}
        </Menu>
      </Popover>
    </>
  );
}

function item({ id, label, icon, run }: Act) {
  return (
    <MenuItem key={id} id={id} textValue={label} onAction={run} className="option max-md:min-h-11">
      {icon}
      {label}
    </MenuItem>
  );
}

const SIZE = 15;

/** Groups of acts, without the empty ones. */
function useActs(): readonly (readonly Act[])[] {
  const b = useBrand();
  const nav = useLibraryNav();
  const { verbs } = useSession();
  const selection = useView((view) => view.selection);
  const setPreview = useView((view) => view.setPreview);
  const [only] = selection.kind === 'ids' && selection.ids.size === 1 ? selection.ids : [];
  const one = only === undefined ? [] : oneActs({ b, id: only, openFull: nav.openFull, setPreview });
  const download: Act = {
    id: 'download',
    label: only === undefined ? 'Download as zip' : 'Download',
    icon: <Download size={SIZE} aria-hidden />,
    run: () => void downloadSelection(b),
  };
  const write = verbs.includes('write') ? writeActs(b) : [];
  const keepActs = useKeepActs(only);
  return [one, keepActs, [...write.slice(0, -1), download], write.slice(-1)].filter(
    (group) => group.length > 0,
  );
}

function oneActs(of: {
  readonly b: string;
  readonly id: string;
  readonly openFull: (id: string) => void;
  readonly setPreview: (id: string) => void;
}): readonly Act[] {
  const { b, id, openFull, setPreview } = of;
  const copyLine = async () => {
    try {
      const { contextLine } = await client.call('assets.get', { b, id });
      await copyText(contextLine, 'The context line');
    } catch (error) {
      toast({ text: `Nothing was copied. ${explain(error)}`, tone: 'bad' });
    }
  };
  return [
    {
      id: 'open',
      label: 'Open in full',
      icon: <Maximize2 size={SIZE} aria-hidden />,
      run: () => openFull(id),
    },
    {
      id: 'preview',
      label: 'Quick preview',
      icon: <Eye size={SIZE} aria-hidden />,
      run: () => setPreview(id),
    },
    {
      id: 'link',
      label: 'Copy link',
      icon: <Link2 size={SIZE} aria-hidden />,
      run: () => void copyText(addressOf(b, id), 'The link'),
    },
    {
      id: 'id',
      label: 'Copy id',
      icon: <Copy size={SIZE} aria-hidden />,
      run: () => void copyText(id, 'The id'),
    },
    {
      id: 'line',
      label: 'Copy context line',
      icon: <Copy size={SIZE} aria-hidden />,
      run: () => void copyLine(),
    },
  ];
}

/** The last one is the one that takes away. */
function writeActs(b: string): readonly Act[] {
  return [
    {
      id: 'edit',
      label: 'Edit fields …',
      icon: <Pencil size={SIZE} aria-hidden />,
      run: () => useBulk.setState({ dialog: 'edit' }),
    },
    {
      id: 'tags',
      label: 'Tags …',
      icon: <Tags size={SIZE} aria-hidden />,
      run: () => useBulk.setState({ dialog: 'tags' }),
    },
    {
      id: 'must',
      label: 'Must include',
      icon: <Pin size={SIZE} aria-hidden />,
      run: () => void runBulk(b, { set: { mustInclude: true } }),
    },
    {
      id: 'must-not',
      label: 'Not must include',
      icon: <Pin size={SIZE} aria-hidden className="opacity-40" />,
      run: () => void runBulk(b, { set: { mustInclude: false } }),
    },
    {
      id: 'trash',
      label: 'Move to trash',
      icon: <Trash2 size={SIZE} aria-hidden />,
      run: () => void runBulk(b, { trash: true }),
    },
  ];
}

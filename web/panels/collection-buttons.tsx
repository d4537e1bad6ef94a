import { useParams } from '@tanstack/react-router';
import { Folder, FolderMinus, Share2, Star, StarOff } from 'lucide-react';
import type { ReactNode } from 'react';
import { useCollections } from '../data/collections.ts';
import { openSharing, pickCollection } from '../data/keep.ts';
import { activeStore } from '../data/library.ts';
import { useBrand, useSession } from '../data/session.tsx';
import { selectionCount, selectionInput, useView } from '../data/view.ts';
import { Button } from '../ui/button.tsx';
import { Tip } from '../ui/tip.tsx';
import { setFavourite, takeOut } from './collection-acts.ts';

interface KeepAct {
  readonly id: string;
  readonly label: string;
  readonly icon: ReactNode;
  readonly run: () => void;
}

const SIZE = 15;

/** What can be kept of the selection: in a collection, out of the open one, among one's favourites, for others to see. */
export function useKeepActs(only: string | undefined): readonly KeepAct[] {
  const b = useBrand();
  const mayWrite = useSession().verbs.includes('write');
  const selection = useView((view) => view.selection);
  const params: { collection?: string } = useParams({ strict: false });
  const { data } = useCollections(b);
  const select = selectionInput(selection);
  if (select === null) return [];
  const open = data?.find(({ id }) => id === params.collection);
  const card = only === undefined ? undefined : cardOf(only);
  const isMarked = card?.favourite === true;
  const gather: KeepAct = {
    id: 'collect',
    label: 'Collection …',
    icon: <Folder size={SIZE} aria-hidden />,
    run: () => pickCollection({ select, count: selectionCount(selection) }),
  };
  const favourite: KeepAct = {
    id: 'favourite',
    label: isMarked ? 'Not a favourite' : 'Favourite',
    icon: isMarked ? <StarOff size={SIZE} aria-hidden /> : <Star size={SIZE} aria-hidden />,
    run: () => void setFavourite(b, select, !isMarked),
  };
  const part: KeepAct[] =
    open === undefined
      ? []
      : [
          {
            id: 'take-out',
            label: 'Take out',
            icon: <FolderMinus size={SIZE} aria-hidden />,
            run: () => void takeOut(b, open, select),
          },
        ];
  const share: KeepAct[] =
    card === undefined
      ? []
      : [
          {
            id: 'share',
            label: 'Share by a link …',
            icon: <Share2 size={SIZE} aria-hidden />,
            run: () => openSharing({ kind: 'asset', id: card.id, name: card.name }),
          },
        ];
  return mayWrite ? [gather, ...part, favourite, ...share] : [favourite];
}

function cardOf(id: string) {
  const store = activeStore();
  const at = store?.indexOf(id);
  return at === undefined ? undefined : store?.card(at);
}

/** The same in the selection's bar; where room is short the icons say it. */
export function KeepButtons() {
  const acts = useKeepActs(undefined);
  return acts.map(({ id, label, icon, run }) => (
    <Tip key={id} text={label}>
      <Button aria-label={label} className="@max-4xl:px-2.5 max-md:w-11 max-md:px-0" onPress={run}>
        {icon}
        <span className="@max-4xl:hidden">{label}</span>
      </Button>
    </Tip>
  ));
}

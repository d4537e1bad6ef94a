import { Folder, Share2, Star } from 'lucide-react';
import type { AssetCard } from '../../client/index.ts';
import { useCollectionsOf } from '../data/collections.ts';
import { openSharing, pickCollection } from '../data/keep.ts';
import { useSession } from '../data/session.tsx';
import { IconButton } from '../ui/button.tsx';
import { setFavourite } from './collection-acts.ts';

/** In the details: keep it, gather it, hand it out. */
export function KeepActions({ b, asset }: { readonly b: string; readonly asset: AssetCard }) {
  const mayWrite = useSession().verbs.includes('write');
  const { id, name, favourite } = asset;
  const select = { ids: [id] };
  return (
    <>
      <IconButton
        label={favourite ? 'Take off the favourite mark' : 'Mark as favourite'}
        onPress={() => void setFavourite(b, select, !favourite)}
      >
        <Star size={16} aria-hidden className={favourite ? 'fill-current text-accent' : ''} />
      </IconButton>
      {mayWrite && asset.trashedAt === null ? (
        <>
          <IconButton label="Add to a collection" onPress={() => pickCollection({ select, count: 1 })}>
            <Folder size={16} aria-hidden />
          </IconButton>
          <IconButton label="Share by a link" onPress={() => openSharing({ kind: 'asset', id, name })}>
            <Share2 size={16} aria-hidden />
          </IconButton>
        </>
      ) : null}
    </>
  );
}

/** The names of the collections that hold the asset. */
export function InCollections({ b, id }: { readonly b: string; readonly id: string }) {
  const { data = [] } = useCollectionsOf(b, id);
  if (data.length === 0) return null;
  return <p className="text-label text-muted">In {data.map(({ name }) => `“${name}”`).join(', ')}</p>;
}

import { Eraser } from 'lucide-react';
import { useState } from 'react';
import type { AssetDetail } from '../../client/index.ts';
import { client, explain, queryClient, queryKeys } from '../data/client.ts';
import { useBrand, useSession } from '../data/session.tsx';
import { Button } from '../ui/button.tsx';
import { Select } from '../ui/select.tsx';
import { toast } from './toast.tsx';

/** How far a colour may be from the background, as the server measures it. */
const TOLERANCES = { little: 12, usual: 30, much: 70 } as const;
type Reach = keyof typeof TOLERANCES;
const REACHES = [
  { value: 'little', label: 'Its very colour' },
  { value: 'usual', label: 'Colours close to it' },
  { value: 'much', label: 'Similar colours, too' },
] as const;

/** One press makes a version without background; the one before stays and one press goes back. */
export function RemoveBackground({ asset }: { readonly asset: AssetDetail }) {
  const b = useBrand();
  const { verbs } = useSession();
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const [inside, setInside] = useState(false);
  const [reach, setReach] = useState<Reach>('usual');
  if (!verbs.includes('write') || asset.trashedAt !== null) return null;

  const remove = async () => {
    setBusy(true);
    setRefusal(null);
    try {
      const made = await client.call('assets.enhance', {
        b,
        id: asset.id,
        operation: 'background',
        inside,
        tolerance: TOLERANCES[reach],
      });
      await take(b, made);
      toast({
        text: `The background is gone: version ${made.version} of “${asset.name}”. The original stays as version ${asset.version}.`,
        tone: 'good',
        action: { label: 'Go back', run: () => void goBack(b, asset) },
      });
    } catch (error) {
      setRefusal(explain(error));
    }
    setBusy(false);
  };
  return (
    <div className="mt-2">
      <label className="mb-2 flex items-start gap-2">
        <input
          type="checkbox"
          className="box mt-0.5 shrink-0"
          checked={inside}
          disabled={busy}
          onChange={(event) => setInside(event.target.checked)}
        />
        Also inside the drawing, as in the holes of letters
      </label>
      <Select
        label="What belongs to the background"
        className="mb-2"
        value={reach}
        choices={REACHES}
        isDisabled={busy}
        onChange={setReach}
      />
      <Button small isDisabled={busy} onPress={() => void remove()}>
        <Eraser size={14} aria-hidden /> {busy ? 'Removing …' : 'Remove background'}
      </Button>
      <span role="status" className="mt-1 block text-label text-muted">
        {refusal ?? 'Free, on this server. The original is kept.'}
      </span>
    </div>
  );
}

async function goBack(b: string, { id, version, name }: AssetDetail): Promise<void> {
  try {
    await take(b, await client.call('versions.restore', { b, id, n: version }));
    toast({ text: `“${name}” is as it was: version ${version}.` });
  } catch (error) {
    toast({ text: `Not taken back. ${explain(error)}`, tone: 'bad' });
  }
}

async function take(b: string, asset: AssetDetail): Promise<void> {
  const key = queryKeys.asset(b, asset.id);
  queryClient.setQueryData(key, asset);
  await queryClient.invalidateQueries({ queryKey: key });
}

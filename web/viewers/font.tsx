import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { TextField } from '../ui/field.tsx';
import { explain } from '../data/client.ts';
import { weightAxis } from './font-axes.ts';
import type { Viewable } from './kind.ts';

const SIZES = { least: 12, most: 160, first: 40 } as const;
const SAMPLE = 'The quick brown fox jumps over the lazy dog 0123456789';

/** The font itself, set in whatever one wants to read in it. */
export function FontView({ asset }: { readonly asset: Viewable }) {
  const query = useQuery({
    queryKey: ['font', asset.file],
    queryFn: ({ signal }) => readFont(asset, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const face = query.data;
  useEffect(() => {
    if (face === undefined) return;
    document.fonts.add(face);
    return () => void document.fonts.delete(face);
  }, [face]);
  const [text, setText] = useState('');
  const [size, setSize] = useState<number>(SIZES.first);
  const axis = weightAxis(asset.facts);
  const [weight, setWeight] = useState(400);
  if (query.isError) return <p className="p-4 text-bad">{explain(query.error)}</p>;
  if (face === undefined) return <p className="p-4 text-muted">Reading …</p>;
  return (
    <div className="flex size-full flex-col bg-panel" role="region" aria-label={`Specimen of ${asset.name}`}>
      <div className="min-h-0 flex-1 overflow-auto p-4" tabIndex={0}>
        <p
          dir="auto"
          className="leading-tight break-words"
          style={{
            fontFamily: `"${face.family}"`,
            fontSize: size,
            ...(axis === null ? {} : { fontWeight: weight }),
          }}
        >
          {text === '' ? SAMPLE : text}
        </p>
      </div>
      <div className="flex flex-wrap items-center gap-3 border-t border-line px-4 py-2">
        <TextField
          label="Own text"
          hideLabel
          placeholder="Own text"
          value={text}
          onChange={setText}
          maxLength={500}
          className="min-w-32 flex-1"
        />
        <Range label="Size" value={size} least={SIZES.least} most={SIZES.most} onChange={setSize} />
        {axis === null ? null : (
          <Range label="Weight" value={weight} least={axis.least} most={axis.most} onChange={setWeight} />
        )}
      </div>
    </div>
  );
}

interface RangeProps {
  readonly label: string;
  readonly value: number;
  readonly least: number;
  readonly most: number;
  readonly onChange: (value: number) => void;
}

function Range({ label, value, least, most, onChange }: RangeProps) {
  return (
    <label className="flex items-center gap-2 text-label text-muted">
      {label}
      <input
        type="range"
        min={least}
        max={most}
        value={value}
        onChange={(event) => onChange(event.target.valueAsNumber)}
        className="w-24 accent-accent"
      />
    </label>
  );
}

/** The browser checks and decodes the font; what it refuses is said. */
async function readFont(asset: Viewable, signal: AbortSignal): Promise<FontFace> {
  const answer = await fetch(asset.file, { signal });
  if (!answer.ok) throw new Error('The file cannot be read at the moment. Try again, or download it.');
  const bytes = await answer.arrayBuffer();
  const axis = weightAxis(asset.facts);
  const weight = axis === null ? 'normal' : `${axis.least} ${axis.most}`;
  const face = new FontFace(`specimen-${asset.id}-${asset.version}`, bytes, { weight });
  try {
    return await face.load();
  } catch (error) {
    throw new Error('This browser cannot show the font. The file is whole; its picture is in the library.', {
      cause: error,
    });
  }
}

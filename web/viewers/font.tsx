import { useEffect, useId, useState } from 'react';
import type { CSSProperties } from 'react';
import { TextField } from '../ui/field.tsx';
import { axesIn } from './font-axes.ts';
import type { Viewable } from './kind.ts';

const SAMPLE = 'The quick brown fox jumps over the lazy dog';
const STEPS = [12, 16, 20, 28, 40, 64] as const;
const LETTERS = [
  ...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789&@!?%€£$#*()[]{}«»“”–—.,:;',
];

type Face = { readonly family: string } | 'loading' | 'failed';

/** The font itself, set with one's own words. The browser checks a font before it uses it, and it runs no script. */
export function FontView({ asset }: { readonly asset: Viewable }) {
  const axes = axesIn(asset.facts);
  const weights = axes.find(({ tag }) => tag === 'wght');
  const face = useFace(asset, weights === undefined ? 'normal' : `${weights.low} ${weights.high}`);
  const [text, setText] = useState('');
  const [size, setSize] = useState(40);
  const [places, setPlaces] = useState<Readonly<Record<string, number>>>({});
  if (face === 'loading') return <p className="p-4 text-muted">Opening the font …</p>;
  if (face === 'failed') {
    return (
      <p className="p-4">
        This browser does not take the font: it is damaged or of a kind for print only. Its picture stands on
        the card; the download is whole.
      </p>
    );
  }
  const style = {
    fontFamily: `"${face.family}"`,
    // A font with a range of weights is asked for one as for any other; the remaining axes go by their tags.
    ...(axes.some(({ tag }) => tag === 'wght') ? { fontWeight: places['wght'] ?? 400 } : {}),
    fontVariationSettings: axes
      .filter(({ tag }) => tag !== 'wght')
      .map(({ tag, start }) => `"${tag}" ${places[tag] ?? start}`)
      .join(', '),
  };
  return (
    <div className="flex size-full flex-col bg-panel" role="region" aria-label={`Specimen of ${asset.name}`}>
      <div tabIndex={0} className="min-h-0 flex-1 overflow-auto p-4">
        <Specimen text={text === '' ? SAMPLE : text} size={size} style={style} />
      </div>
      <div className="flex max-h-1/2 shrink-0 flex-wrap items-center gap-x-4 gap-y-1 overflow-auto border-t border-line px-4 py-2">
        <TextField
          label="Own text"
          hideLabel
          placeholder="Own text"
          className="min-w-32 flex-1"
          value={text}
          onChange={setText}
          maxLength={500}
        />
        <Slide label="Size" low={12} high={200} value={size} onChange={setSize} />
        {axes.map(({ tag, name, low, high, start }) => (
          <Slide
            key={tag}
            label={name}
            low={low}
            high={high}
            value={places[tag] ?? start}
            onChange={(value) => setPlaces({ ...places, [tag]: value })}
          />
        ))}
      </div>
    </div>
  );
}

function Specimen(props: { readonly text: string; readonly size: number; readonly style: CSSProperties }) {
  const { text, size, style } = props;
  return (
    <>
      <p dir="auto" className="break-words" style={{ ...style, fontSize: size, lineHeight: 1.25 }}>
        {text}
      </p>
      <h3 className="mt-6 mb-2 text-label font-medium text-muted">In sizes</h3>
      {STEPS.map((step) => (
        <div key={step} aria-hidden className="flex items-baseline gap-3 overflow-hidden">
          <span className="w-6 shrink-0 text-right text-label text-muted">{step}</span>
          <span
            dir="auto"
            className="whitespace-nowrap"
            style={{ ...style, fontSize: step, lineHeight: 1.4 }}
          >
            {text}
          </span>
        </div>
      ))}
      <h3 className="mt-6 mb-2 text-label font-medium text-muted">Letters and signs</h3>
      <p className="mb-2 text-muted">A sign that the font lacks is shown in another font.</p>
      <ul className="grid grid-cols-[repeat(auto-fill,minmax(44px,1fr))] gap-1">
        {LETTERS.map((letter) => (
          <li
            key={letter}
            className="flex h-11 items-center justify-center rounded-sm border border-line"
            style={{ ...style, fontSize: 24 }}
          >
            {letter}
          </li>
        ))}
      </ul>
    </>
  );
}

/** The font under a name of its own while it is shown. */
function useFace(asset: Viewable, weight: string): Face {
  const [face, setFace] = useState<Face>('loading');
  useEffect(() => {
    const stop = new AbortController();
    const family = `specimen-${asset.id}-${asset.version}`;
    let added: FontFace | null = null;
    setFace('loading');
    const open = async (): Promise<void> => {
      const answer = await fetch(asset.file, { signal: stop.signal });
      if (!answer.ok) throw new Error(String(answer.status));
      const made = await new FontFace(family, await answer.arrayBuffer(), { weight }).load();
      if (stop.signal.aborted) return;
      document.fonts.add(made);
      added = made;
      setFace({ family });
    };
    open().catch(() => stop.signal.aborted || setFace('failed'));
    return () => {
      stop.abort();
      if (added !== null) document.fonts.delete(added);
    };
  }, [asset.id, asset.version, asset.file, weight]);
  return face;
}

function Slide(props: {
  readonly label: string;
  readonly low: number;
  readonly high: number;
  readonly value: number;
  readonly onChange: (value: number) => void;
}) {
  const { label, low, high, value, onChange } = props;
  const id = useId();
  return (
    <div className="w-32">
      <label htmlFor={id} className="flex justify-between text-label font-medium text-muted">
        {label}
        <span aria-hidden>{value}</span>
      </label>
      <input
        id={id}
        type="range"
        className="h-6 w-full accent-accent"
        min={low}
        max={high}
        step={high - low > 10 ? 1 : (high - low) / 100}
        value={value}
        onChange={(event) => onChange(Number(event.target.value))}
      />
    </div>
  );
}

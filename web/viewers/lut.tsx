import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useDeferredValue, useEffect, useRef, useState } from 'react';
import type { AssetCard } from '../../client/index.ts';
import { client, explain, queryKeys } from '../data/client.ts';
import { useBrand } from '../data/session.tsx';
import { TextField } from '../ui/field.tsx';
import { pictureOf, tableOf } from './kind.ts';
import type { Viewable } from './kind.ts';
import { applyTable } from './lut-apply.ts';
import './lut.css';

/** Longest side in pixels; a larger picture shows a look no better. */
const SIDE = 1280;
const CHOICES = 24;

/** A picture of the library before and after a colour table, uncovered by a slider. */
export function LutView({ asset, sample }: { readonly asset: Viewable; readonly sample: string | null }) {
  const b = useBrand();
  const [words, setWords] = useState('');
  const [chosen, setChosen] = useState<AssetCard | null>(null);
  const q = useDeferredValue(words.trim());
  const query = useQuery({
    queryKey: queryKeys.pictures(b, q),
    queryFn: ({ signal }) =>
      client.call(
        'assets.list',
        { b, mediaType: ['image'], state: ['ready'], limit: CHOICES, ...(q === '' ? {} : { q }) },
        signal,
      ),
    placeholderData: keepPreviousData,
  });
  const cards = query.data?.items ?? [];
  const shown = chosen ?? cards[0];
  const table = tableOf(asset);
  return (
    <div
      className="flex size-full min-h-0 flex-col"
      role="region"
      aria-label={`Try ${asset.name} on a picture`}
    >
      <div className="relative min-h-0 flex-1">
        {shown === undefined || table === null ? (
          <Sample src={sample} name={asset.name} />
        ) : (
          <Graded key={`${shown.id}:${shown.version}`} card={shown} table={table} name={asset.name} />
        )}
      </div>
      <div className="flex shrink-0 items-center gap-2 border-t border-line bg-panel p-2">
        <TextField
          label="Find a picture"
          hideLabel
          placeholder="Find a picture"
          value={words}
          onChange={setWords}
          className="w-36 shrink-0"
        />
        <div className="flex min-w-0 flex-1 gap-1 overflow-x-auto p-0.5" role="group" aria-label="Pictures">
          {cards.map((card) => (
            <Choice key={card.id} card={card} isOn={card.id === shown?.id} onChoose={setChosen} />
          ))}
          {query.isError ? <p className="text-bad">{explain(query.error)}</p> : null}
          {query.data !== undefined && cards.length === 0 ? (
            <p className="text-muted">
              {q === '' ? 'There is no picture in the library yet.' : 'No picture has these words.'}
            </p>
          ) : null}
        </div>
      </div>
    </div>
  );
}

function Sample({ src, name }: { readonly src: string | null; readonly name: string }) {
  return src === null ? null : <img src={src} alt={name} className="size-full object-contain" />;
}

function Choice(props: {
  readonly card: AssetCard;
  readonly isOn: boolean;
  readonly onChoose: (card: AssetCard) => void;
}) {
  const { card, isOn, onChoose } = props;
  return (
    <button
      type="button"
      aria-pressed={isOn}
      aria-label={card.name}
      title={card.name}
      onClick={() => onChoose(card)}
      className={`size-11 shrink-0 overflow-hidden rounded-sm bg-hover ${isOn ? 'outline-2 outline-accent' : ''}`}
    >
      {card.thumbnail === null ? null : (
        <img src={card.thumbnail} alt="" loading="lazy" className="size-full object-cover" />
      )}
    </button>
  );
}

/** Both pictures lie on one another, the first cut off where the slider stands. */
function Graded(props: { readonly card: AssetCard; readonly table: string; readonly name: string }) {
  const { card, table, name } = props;
  const before = useRef<HTMLCanvasElement>(null);
  const after = useRef<HTMLCanvasElement>(null);
  const [state, setState] = useState<'drawing' | 'there' | 'failed'>('drawing');
  const [at, setAt] = useState(50);
  const source = pictureOf(card);
  useEffect(() => {
    let isGone = false;
    const [first, second] = [before.current, after.current];
    if (first === null || second === null || source === null) return;
    draw({ source, table, first, second, isGone: () => isGone }).then(
      (works) => isGone || setState(works ? 'there' : 'failed'),
      () => isGone || setState('failed'),
    );
    return () => {
      isGone = true;
    };
  }, [source, table]);
  if (source === null || state === 'failed') {
    return (
      <p className="grid size-full place-items-center p-4 text-center text-muted">
        This picture could not be put through the table. Choose another one.
      </p>
    );
  }
  // Where the middle of the thumb is: 28 pixels wide, it stays within the picture.
  const line = `calc(14px + (100% - 28px) * ${at / 100})`;
  const canvas = 'absolute inset-0 size-full object-contain';
  return (
    <div className={`absolute inset-0 ${state === 'there' ? '' : 'invisible'}`}>
      <canvas ref={after} className={canvas} role="img" aria-label={`${card.name} with ${name}`} />
      <canvas
        ref={before}
        className={canvas}
        style={{ clipPath: `inset(0 calc(100% - ${line}) 0 0)` }}
        role="img"
        aria-label={card.name}
      />
      <div className="pointer-events-none absolute inset-y-0 w-0.5 bg-accent" style={{ left: line }} />
      <span className="pointer-events-none absolute top-2 left-2 rounded-sm bg-raised px-1.5 text-label">
        Before
      </span>
      <span className="pointer-events-none absolute top-2 right-2 rounded-sm bg-raised px-1.5 text-label">
        After
      </span>
      <input
        type="range"
        aria-label="How much is shown as before"
        aria-valuetext={`${at} %`}
        min={0}
        max={100}
        value={at}
        onChange={(event) => setAt(Number(event.target.value))}
        className="lut-slider absolute inset-0 size-full"
      />
    </div>
  );
}

async function draw(of: {
  readonly source: string;
  readonly table: string;
  readonly first: HTMLCanvasElement;
  readonly second: HTMLCanvasElement;
  readonly isGone: () => boolean;
}): Promise<boolean> {
  const [picture, table] = await Promise.all([loaded(of.source), loaded(of.table)]);
  if (of.isGone()) return false;
  const samples = pixelsOf(table, document.createElement('canvas'), Infinity)?.getImageData(
    0,
    0,
    table.naturalWidth,
    table.naturalHeight,
  );
  const from = pixelsOf(picture, of.first, SIDE);
  const to = pixelsOf(picture, of.second, SIDE);
  if (samples === undefined || from === null || to === null) return false;
  const { width, height } = of.second;
  const pixels = to.getImageData(0, 0, width, height);
  if (!applyTable(pixels.data, samples)) return false;
  to.putImageData(pixels, 0, 0);
  return true;
}

/** The picture in a canvas of its size, or fitted to a square of `most` pixels. */
function pixelsOf(
  picture: HTMLImageElement,
  canvas: HTMLCanvasElement,
  most: number,
): CanvasRenderingContext2D | null {
  const { naturalWidth, naturalHeight } = picture;
  const scale = Math.min(1, most / Math.max(naturalWidth, naturalHeight));
  canvas.width = Math.max(1, Math.round(naturalWidth * scale));
  canvas.height = Math.max(1, Math.round(naturalHeight * scale));
  const context = canvas.getContext('2d', { willReadFrequently: true });
  context?.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return context;
}

async function loaded(source: string): Promise<HTMLImageElement> {
  const image = new Image();
  image.src = source;
  await image.decode();
  return image;
}

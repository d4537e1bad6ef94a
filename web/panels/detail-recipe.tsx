import { useQuery } from '@tanstack/react-query';
import { BadgeCheck, Copy, Sparkles } from 'lucide-react';
import type { ReactNode } from 'react';
import type { AssetDetail, Output } from '../../client/index.ts';
import { client, queryKeys } from '../data/client.ts';
import { useLibraryNav } from '../data/nav.ts';
import { formatBytes } from '../i18n/format.ts';
import { IconButton } from '../ui/button.tsx';
import { copyText } from './detail-copy.ts';
import { Failed, Quiet } from './detail-section.tsx';
import { blockWords, claimWords, fileWords, weightWords } from './detail-recipe-words.ts';

type Recipe = NonNullable<Output<'assets.recipe'>['recipe']>;
type Weights = Recipe['loras'][number]['asset'];

/** How a picture was generated: its words, its settings, and the weights of the library that it was made with. */
export function DetailRecipe({ b, asset }: { readonly b: string; readonly asset: AssetDetail }) {
  const { id, version } = asset;
  const query = useQuery({
    queryKey: queryKeys.recipe(b, id, version),
    queryFn: ({ signal }) => client.call('assets.recipe', { b, id, version }, signal),
    // A LoRA that has arrived since is linked at once.
    staleTime: 0,
  });
  if (query.isPending) return <Quiet>Reading the recipe …</Quiet>;
  if (query.isError) return <Failed error={query.error} retry={() => void query.refetch()} />;
  const { recipe } = query.data;
  if (recipe === null) return <Quiet>This version says nothing of how it was made.</Quiet>;
  return (
    <div className="flex flex-col gap-3">
      <Claim claim={recipe.claim} />
      <Words title="Prompt" text={recipe.prompt} />
      <Words title="Negative prompt" text={recipe.negative} />
      <Settings recipe={recipe} />
      <Loras loras={recipe.loras} />
      <More more={recipe.more} />
      <Raw raw={recipe.raw} />
    </div>
  );
}

function Claim({ claim }: Pick<Recipe, 'claim'>) {
  if (claim === null) return null;
  const Icon = claim.made === null ? BadgeCheck : Sparkles;
  return (
    <p className="flex gap-2 rounded-md border border-line p-2.5">
      <Icon size={16} aria-hidden className="mt-0.5 shrink-0 text-muted" />
      <span className="min-w-0 break-words">{claimWords(claim)}</span>
    </p>
  );
}

function Words({ title, text }: { readonly title: string; readonly text: string | null }) {
  if (text === null) return null;
  return (
    <div>
      <div className="flex items-center justify-between">
        <h4 className="text-muted">{title}</h4>
        <IconButton
          small
          label={`Copy ${title.toLowerCase()}`}
          onPress={() => void copyText(text, `The ${title.toLowerCase()}`)}
        >
          <Copy size={14} aria-hidden />
        </IconButton>
      </div>
      {/* Long ones are scrolled, also with the keyboard. */}
      <p
        tabIndex={0}
        role="group"
        aria-label={title}
        className="max-h-48 overflow-y-auto rounded-md border border-line bg-bg p-2 break-words whitespace-pre-wrap"
      >
        {text}
      </p>
    </div>
  );
}

function Settings({ recipe }: { readonly recipe: Recipe }) {
  const { tool, model, seed, sampler, scheduler, steps, cfg, width, height } = recipe;
  const size = width === null || height === null ? null : `${width} × ${height} px`;
  const lines: [string, ReactNode][] = [
    ['Made with', tool],
    [
      'Model',
      model === null ? null : <WeightsName name={model.name} hash={model.hash} asset={model.asset} />,
    ],
    ['Seed', seed === null ? null : <Seed seed={seed} />],
    ['Sampler', sampler],
    ['Scheduler', scheduler],
    ['Steps', steps],
    ['CFG scale', cfg],
    ['Asked size', size],
  ];
  const known = lines.filter(([, value]) => value !== null);
  if (known.length === 0) return null;
  return (
    <dl className="grid grid-cols-[88px_1fr] gap-x-3 gap-y-1">
      {known.map(([label, value]) => (
        <div key={label} className="contents">
          <dt className="self-center text-muted">{label}</dt>
          <dd className="min-w-0 break-words">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Seed({ seed }: { readonly seed: string }) {
  return (
    <span className="flex items-center">
      <code className="min-w-0 text-label break-all">{seed}</code>
      <IconButton small label="Copy seed" onPress={() => void copyText(seed, 'The seed')}>
        <Copy size={14} aria-hidden />
      </IconButton>
    </span>
  );
}

function Loras({ loras }: Pick<Recipe, 'loras'>) {
  if (loras.length === 0) return null;
  return (
    <div>
      <h4 className="mb-1 text-muted">LoRAs</h4>
      <ul className="flex flex-col gap-1">
        {loras.map(({ name, weight, hash, asset }) => (
          <li key={name} className="flex items-baseline justify-between gap-2">
            <WeightsName name={name} hash={hash} asset={asset} />
            <span className="shrink-0 text-muted">{weightWords(weight)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Opens the asset that holds the weights, where the library has them. */
function WeightsName(props: {
  readonly name: string | null;
  readonly hash: string | null;
  readonly asset: Weights;
}) {
  const { full, openSide, openFull } = useLibraryNav();
  const { hash, asset } = props;
  const words = fileWords(props.name ?? hash ?? '');
  if (asset === null) {
    return (
      <span className="min-w-0 break-words" title={hash === null ? undefined : `Hash ${hash}`}>
        {words}
      </span>
    );
  }
  return (
    <button
      type="button"
      title={`Open ${asset.name}`}
      onClick={() => (full === null ? openSide(asset.id) : openFull(asset.id))}
      className="min-h-6 min-w-0 text-left break-words underline max-md:min-h-11"
    >
      {words}
    </button>
  );
}

function More({ more }: Pick<Recipe, 'more'>) {
  if (more.length === 0) return null;
  return (
    <details>
      <summary className="cursor-pointer py-1 text-muted">{`${more.length} more ${more.length === 1 ? 'setting' : 'settings'}`}</summary>
      <dl className="grid grid-cols-[minmax(88px,40%)_1fr] gap-x-3 gap-y-1 pt-1">
        {more.map(({ name, value }) => (
          <div key={name} className="contents">
            <dt className="min-w-0 break-words text-muted">{name}</dt>
            <dd className="min-w-0 break-words">{value}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

/** The blocks as they stand in the file, for the tool that wrote them. */
function Raw({ raw }: Pick<Recipe, 'raw'>) {
  return (
    <ul className="flex flex-col gap-1">
      {raw.map(({ name, path, size }) => (
        <li key={path}>
          <a href={path} download className="inline-block py-0.5 underline max-md:py-2">
            {`Download ${blockWords(name)}`}
          </a>
          <span className="text-label text-muted">{` ${formatBytes(size)}, as in the file`}</span>
        </li>
      ))}
    </ul>
  );
}

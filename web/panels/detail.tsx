import { useQuery } from '@tanstack/react-query';
import { ChevronLeft, ChevronRight, CircleAlert, Maximize2, Minimize2, TriangleAlert, X } from 'lucide-react';
import { Suspense, useEffect, useMemo, useRef } from 'react';
import type { ReactNode } from 'react';
import { BacklotError } from '../../client/index.ts';
import type { AssetDetail } from '../../client/index.ts';
import { client, queryKeys } from '../data/client.ts';
import { useLibraryNav } from '../data/nav.ts';
import { useBrand } from '../data/session.tsx';
import { STATE_WORDS } from '../data/words.ts';
import { plural } from '../i18n/format.ts';
import { runShortcut, useShortcuts } from '../keys/registry.ts';
import { IconButton } from '../ui/button.tsx';
import { hasBackground, isRead, viewerOf } from '../viewers/kind.ts';
import { Viewer } from '../viewers/viewer.tsx';
import { DetailActions } from './detail-actions.tsx';
import { RemoveBackground } from './detail-enhance.tsx';
import { DetailFacts } from './detail-facts.tsx';
import { DetailFields } from './detail-fields.tsx';
import { LocksContext } from './detail-lock.tsx';
import { useSaver } from './detail-save.ts';
import { Failed, Quiet, Section } from './detail-section.tsx';
import { DetailUses } from './detail-uses.tsx';
import { DetailVersions } from './detail-versions.tsx';
import { DetailWeights, tellsWeights } from './detail-weights.tsx';
import { InCollections } from './favourite.tsx';
import { History } from './history.tsx';
import { lazy } from '../data/lazy.ts';

const DetailRecipe = lazy(async () => ({ default: (await import('./detail-recipe.tsx')).DetailRecipe }));

const SimilarSection = lazy(async () => ({ default: (await import('./detail-similar.tsx')).SimilarSection }));

/** Pictures and films are compared by what they show; the trash is nobody's choice. */
function canLookAlike({ mediaType, trashedAt }: AssetDetail): boolean {
  return (mediaType === 'image' || mediaType === 'video') && trashedAt === null;
}

/** The block in which the file tells how it was made is kept beside its pictures. */
function hasRecipe(asset: AssetDetail): boolean {
  return asset.renditions.some(({ name }) => name === 'recipe');
}

export interface DetailPanelProps {
  readonly id: string;
  readonly onClose: () => void;
  /** Beside the grid, or over the whole page with the preview large. Below 768 px both fill the screen. */
  readonly mode: 'side' | 'full';
}

/** One asset: what it looks like, what is said of it, where it comes from and where it is used. */
export function DetailPanel({ id, onClose, mode }: DetailPanelProps) {
  const b = useBrand();
  const query = useQuery({
    queryKey: queryKeys.asset(b, id),
    queryFn: ({ signal }) => client.call('assets.get', { b, id }, signal),
  });
  const panel = useRef<HTMLElement>(null);
  useEffect(() => {
    // In full it covers the page: the focus belongs here, and goes back to where it was.
    if (mode !== 'full') return;
    const before = document.activeElement;
    panel.current?.focus();
    return () => (before instanceof HTMLElement ? before.focus() : undefined);
  }, [mode]);
  useShortcuts([
    {
      id: 'detail-close',
      keys: 'Escape',
      label: 'Close the details',
      run: onClose,
      when: () => mode === 'full',
    },
  ]);
  const frame =
    mode === 'side' ? 'flex h-full flex-col bg-panel' : 'fixed inset-0 z-40 flex flex-col bg-panel';
  return (
    <aside ref={panel} tabIndex={-1} aria-label="Asset details" className={`${frame} outline-none`}>
      <Head asset={query.data} id={id} mode={mode} onClose={onClose} />
      {query.data !== undefined ? (
        <Body key={id} b={b} asset={query.data} mode={mode} onClose={onClose} />
      ) : (
        <div className="p-4">
          {query.isError ? (
            <Missing error={query.error} retry={() => void query.refetch()} />
          ) : (
            <Quiet>Loading …</Quiet>
          )}
        </div>
      )}
    </aside>
  );
}

function Missing({ error, retry }: { readonly error: Error; readonly retry: () => void }) {
  // The server says the same of foreign and of deleted assets, so that ids reveal nothing.
  if (error instanceof BacklotError && error.status === 404) {
    return (
      <Quiet>This asset does not exist here, or you have no access to it. It may have been deleted.</Quiet>
    );
  }
  return <Failed error={error} retry={retry} />;
}

function Head(props: {
  readonly asset: AssetDetail | undefined;
  readonly id: string;
  readonly mode: 'side' | 'full';
  readonly onClose: () => void;
}) {
  const { asset, id, mode, onClose } = props;
  const { openSide, openFull } = useLibraryNav();
  return (
    <header className="flex h-11 shrink-0 items-center gap-1 border-b border-line pr-1 pl-4">
      <h2 className="min-w-0 flex-1 truncate text-title" title={asset?.name}>
        {asset?.name ?? 'Asset'}
      </h2>
      {mode === 'full' ? (
        <>
          <IconButton label="Previous asset" onPress={() => runShortcut('grid.ArrowLeft')}>
            <ChevronLeft size={18} aria-hidden />
          </IconButton>
          <IconButton label="Next asset" onPress={() => runShortcut('grid.ArrowRight')}>
            <ChevronRight size={18} aria-hidden />
          </IconButton>
        </>
      ) : null}
      {mode === 'side' ? (
        <IconButton label="Open in full" className="max-md:hidden" onPress={() => openFull(id)}>
          <Maximize2 size={15} aria-hidden />
        </IconButton>
      ) : (
        <IconButton label="Show beside the library" className="max-md:hidden" onPress={() => openSide(id)}>
          <Minimize2 size={15} aria-hidden />
        </IconButton>
      )}
      <IconButton label="Close details" onPress={onClose}>
        <X size={16} aria-hidden />
      </IconButton>
    </header>
  );
}

interface BodyProps {
  readonly b: string;
  readonly asset: AssetDetail;
  readonly mode: 'side' | 'full';
  readonly onClose: () => void;
}

function Body({ b, asset, mode, onClose }: BodyProps) {
  const stage = (
    <div
      className={
        mode === 'side'
          ? 'relative aspect-[4/3] shrink-0 bg-bg'
          : `relative min-h-0 min-w-0 flex-1 bg-bg max-md:flex-none ${isRead(asset) ? 'max-md:h-[72dvh]' : 'max-md:aspect-[4/3]'}`
      }
    >
      <div className={`absolute inset-0 ${mode === 'side' || isRead(asset) ? '' : 'md:inset-4'}`}>
        <Viewer key={`${asset.id}:${asset.version}`} asset={asset} isLarge={mode === 'full'} />
      </div>
    </div>
  );
  return (
    <div
      className={
        mode === 'side'
          ? 'flex min-h-0 flex-1 flex-col overflow-y-auto'
          : 'flex min-h-0 flex-1 max-md:flex-col max-md:overflow-y-auto'
      }
    >
      {stage}
      <div
        className={
          mode === 'side' ? 'p-4' : 'p-4 md:w-90 md:shrink-0 md:overflow-y-auto md:border-l md:border-line'
        }
      >
        <Words b={b} asset={asset} mode={mode} onClose={onClose} />
      </div>
    </div>
  );
}

function Words({ b, asset, mode, onClose }: BodyProps) {
  const { openSide, openFull } = useLibraryNav();
  const { save, states } = useSaver(b, asset.id);
  const locks = useMemo(() => ({ locked: asset.locked, save }), [asset.locked, save]);
  return (
    <div className="flex flex-col gap-4">
      <DetailActions b={b} asset={asset} onGone={onClose} />
      <Notices asset={asset} />
      <InCollections b={b} id={asset.id} />
      <LocksContext value={locks}>
        <DetailFields asset={asset} save={save} states={states} />
      </LocksContext>
      <div>
        {hasRecipe(asset) ? (
          <Section title="Recipe" isOpen>
            {() => (
              <Suspense fallback={<Quiet>Reading the recipe …</Quiet>}>
                <DetailRecipe b={b} asset={asset} />
              </Suspense>
            )}
          </Section>
        ) : null}
        {tellsWeights(asset) ? (
          <Section title="Weights" isOpen>
            {() => <DetailWeights asset={asset} />}
          </Section>
        ) : null}
        <Section title="Facts" isOpen>
          {() => <DetailFacts asset={asset} />}
        </Section>
        {canLookAlike(asset) ? (
          <Section title="Similar">
            {() => (
              <Suspense fallback={<Quiet>Looking …</Quiet>}>
                <SimilarSection b={b} id={asset.id} onOpen={mode === 'side' ? openSide : openFull} />
              </Suspense>
            )}
          </Section>
        ) : null}
        <Section title="Versions" note={String(asset.versionCount)}>
          {() => <DetailVersions b={b} asset={asset} />}
        </Section>
        <Section title="Where used" note={String(asset.usageCount)}>
          {() => <DetailUses b={b} id={asset.id} />}
        </Section>
        <Section title="History">{() => <History b={b} id={asset.id} />}</Section>
      </div>
    </div>
  );
}

/** What a person should know before anything else: trash, trouble with the file, a logo with a background. */
function Notices({ asset }: { readonly asset: AssetDetail }) {
  return (
    <>
      {asset.trashedAt === null ? null : (
        <Notice tone="warn">
          In the trash
          {asset.daysLeft === null ? '' : `; deleted for ever in ${plural(asset.daysLeft, 'day')}`}. It counts
          against your storage until then.
        </Notice>
      )}
      {isPlain(asset) ? null : (
        <Notice tone={asset.state === 'failed' ? 'bad' : 'plain'}>
          <strong>{STATE_WORDS[asset.state]}.</strong> {asset.stateMessage ?? stateHelp(asset)}
        </Notice>
      )}
      {hasBackground(asset) ? (
        <Notice tone="warn">
          <strong>This logo has a background.</strong> Over video it will show as a box.
          <RemoveBackground asset={asset} />
        </Notice>
      ) : null}
    </>
  );
}

/** The viewer says what there is to say, or shows all that there is. */
function isPlain(asset: AssetDetail): boolean {
  const viewer = viewerOf(asset);
  return (
    asset.state === 'ready' || viewer === 'none' || (viewer === 'text' && asset.state === 'ready_no_preview')
  );
}

function stateHelp({ state }: AssetDetail): string {
  return state === 'processing'
    ? 'The file is safe; preview and facts appear here by themselves.'
    : 'The file itself is kept as it was uploaded.';
}

const TONES = { plain: 'text-muted', warn: 'text-warn', bad: 'text-bad' } as const;

function Notice({ tone, children }: { readonly tone: keyof typeof TONES; readonly children: ReactNode }) {
  const Icon = tone === 'warn' ? TriangleAlert : CircleAlert;
  return (
    <div className="flex gap-2 rounded-md border border-line p-2.5">
      <Icon size={16} aria-hidden className={`mt-0.5 shrink-0 ${TONES[tone]}`} />
      <div className="min-w-0 flex-1 break-words">{children}</div>
    </div>
  );
}

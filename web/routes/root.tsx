import { Link, Outlet, useRouterState } from '@tanstack/react-router';
import { WifiOff } from 'lucide-react';
import { Suspense, useEffect } from 'react';
import { explain } from '../data/client.ts';
import { useKeep } from '../data/keep.ts';
import { useConnection, useLiveUpdates } from '../data/live.ts';
import { brandOnly } from '../data/nav.ts';
import { SessionGate, useBrand, useBrandChange, useIsForeign } from '../data/session.tsx';
import { ShortcutSheet } from '../keys/sheet.tsx';
import { PaletteHost } from '../panels/palette-host.tsx';
import { Sidebar } from '../panels/sidebar.tsx';
import { Toasts, clearUndos } from '../panels/toast.tsx';
import { useView } from '../data/view.ts';
import { Button } from '../ui/button.tsx';
import { Advisor, CollectionPicker, DropOverlay, ShareDialog, Steps, UploadPanel } from './parts.tsx';
import { SignIn } from './sign-in.tsx';

export function Root() {
  const path = useRouterState({ select: (state) => state.location.pathname });
  // Whoever follows a share link has no session and needs none.
  if (path.startsWith('/s/')) return <Outlet />;
  return (
    <SessionGate
      whileLoading={<div className="h-full" aria-busy="true" />}
      signedOut={<SignIn />}
      failed={(error, retry) => <NoServer error={error} retry={retry} />}
    >
      <Frame />
    </SessionGate>
  );
}

function Frame() {
  const b = useBrand();
  useLiveUpdates(b);
  useBrandChange();
  const isForeign = useIsForeign();
  const isAdvising = useView((view) => view.advisorOpen);
  const picking = useKeep((state) => state.picking !== null);
  const sharing = useKeep((state) => state.sharing !== null);
  useEffect(() => clearUndos, [b]);
  return (
    <div className="flex h-full flex-col">
      <OfflineBanner />
      <div className="flex min-h-0 flex-1 max-md:flex-col">
        <Sidebar />
        <div className="flex min-h-0 min-w-0 flex-1 flex-col">{isForeign ? <NoAccess /> : <Outlet />}</div>
      </div>
      <Suspense>
        <UploadPanel />
        <DropOverlay />
        <Steps />
        {isAdvising ? <Advisor /> : null}
        {picking ? <CollectionPicker /> : null}
        {sharing ? <ShareDialog /> : null}
      </Suspense>
      <Toasts />
      <ShortcutSheet />
      <PaletteHost />
    </div>
  );
}

/** The page goes on with what it has; what was typed stays where it was typed. */
function OfflineBanner() {
  const lost = useConnection((state) => state.lost);
  return (
    <div role="status">
      {lost ? (
        <p className="flex items-center gap-2 border-b border-line bg-raised px-4 py-2 text-warn">
          <WifiOff size={16} aria-hidden className="shrink-0" />
          The server does not answer. What you see may be old, and what you type is kept. Trying again by
          itself.
        </p>
      ) : null}
    </div>
  );
}

function NoServer({ error, retry }: { readonly error: Error; readonly retry: () => void }) {
  return (
    <main className="grid h-full place-items-center p-6">
      <div className="max-w-md">
        <h1 className="mb-2 text-head">The library cannot be reached</h1>
        <p className="mb-4 text-muted" role="alert">
          {explain(error)} This page tries again by itself.
        </p>
        <Button onPress={retry}>Try now</Button>
      </div>
    </main>
  );
}

function NoAccess() {
  return (
    <main className="grid h-full place-items-center p-6">
      <div className="max-w-md">
        <h1 className="mb-2 text-head">No access</h1>
        <p className="mb-4 text-muted">
          This link leads to a brand that you have no access to, or that does not exist. Ask whoever sent it.
        </p>
        <Link to="/library" className="btn btn-main">
          Open your library
        </Link>
      </div>
    </main>
  );
}

export function NotFound() {
  return (
    <main className="grid h-full place-items-center p-6">
      <div className="max-w-md">
        <h1 className="mb-2 text-head">There is no such page</h1>
        <p className="mb-4 text-muted">The address may be incomplete or old.</p>
        <Link to="/library" search={brandOnly} className="btn btn-main">
          Open the library
        </Link>
      </div>
    </main>
  );
}

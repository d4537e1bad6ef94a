import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router';
import { parseSearch, readAddress, writeSearch } from './data/address.ts';
import { LIBRARY_PATHS, brandOnly } from './data/nav.ts';
import { LibraryPage } from './routes/library.tsx';
import { NotFound, Root } from './routes/root.tsx';
import { SignIn } from './routes/sign-in.tsx';

const root = createRootRoute({ component: Root, notFoundComponent: NotFound });

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/library', replace: true });
  },
});

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  // The server sends a link that no longer works to `/sign-in?used`.
  validateSearch: (search): { used?: true } => ('used' in search ? { used: true } : {}),
  component: SignIn,
});

const settings = createRoute({
  getParentRoute: () => root,
  path: '/settings',
  validateSearch: (search) => brandOnly(search),
  component: lazyRouteComponent(() => import('./routes/settings.tsx'), 'Settings'),
});

const activity = createRoute({
  getParentRoute: () => root,
  path: '/activity',
  validateSearch: (search) => brandOnly(search),
  component: lazyRouteComponent(() => import('./panels/activity.tsx'), 'Activity'),
});

const duplicates = createRoute({
  getParentRoute: () => root,
  path: '/duplicates',
  validateSearch: (search) => brandOnly(search),
  component: lazyRouteComponent(() => import('./routes/duplicates.tsx'), 'Duplicates'),
});

const smart = createRoute({
  getParentRoute: () => root,
  path: '/smart/$id',
  validateSearch: (search) => brandOnly(search),
  component: lazyRouteComponent(() => import('./routes/smart.tsx'), 'SmartPage'),
});

// The grid belongs to the parent, so that it stays as it was under an asset shown in full.
const library = createRoute({
  getParentRoute: () => root,
  path: LIBRARY_PATHS[0],
  validateSearch: readAddress,
  component: LibraryPage,
});
const libraryAsset = createRoute({ getParentRoute: () => library, path: '$id' });
const mediaLibrary = createRoute({
  getParentRoute: () => root,
  path: LIBRARY_PATHS[1],
  validateSearch: readAddress,
  component: LibraryPage,
});
const mediaLibraryAsset = createRoute({ getParentRoute: () => mediaLibrary, path: '$id' });

const collections = createRoute({
  getParentRoute: () => root,
  path: '/collections',
  validateSearch: (search) => brandOnly(search),
  component: lazyRouteComponent(() => import('./routes/collections.tsx'), 'CollectionsPage'),
});
const collection = createRoute({
  getParentRoute: () => root,
  path: '/collections/$collection',
  validateSearch: readAddress,
  component: LibraryPage,
});
const collectionAsset = createRoute({ getParentRoute: () => collection, path: '$id' });
// For recipients: outside of the session, see Root.
const share = createRoute({
  getParentRoute: () => root,
  path: '/s/$token',
  component: lazyRouteComponent(() => import('./routes/share.tsx'), 'SharePage'),
});

export const router = createRouter({
  routeTree: root.addChildren([
    home,
    signIn,
    settings,
    activity,
    duplicates,
    smart,
    library.addChildren([libraryAsset]),
    mediaLibrary.addChildren([mediaLibraryAsset]),
    collections,
    collection.addChildren([collectionAsset]),
    share,
  ]),
  parseSearch,
  stringifySearch: writeSearch,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}

/**
 * Name, method and path of every operation, free of any package: the typed client carries this table into the browser.
 * `{b}` is a brand's id or slug. Inputs, outputs and permissions hang on the same names in `operations.ts`.
 */
export const ROUTES = {
  'assets.list': 'GET /brands/{b}/assets',
  'assets.groups': 'GET /brands/{b}/assets/groups',
  'assets.facets': 'GET /brands/{b}/assets/facets',
  'assets.get': 'GET /brands/{b}/assets/{id}',
  'assets.update': 'PATCH /brands/{b}/assets/{id}',
  'assets.trash': 'DELETE /brands/{b}/assets/{id}',
  'assets.restore': 'POST /brands/{b}/assets/{id}/restore',
  'assets.bulk': 'POST /brands/{b}/assets/bulk',
  'assets.enhance': 'POST /brands/{b}/assets/{id}/enhance',
  'assets.history': 'GET /brands/{b}/assets/{id}/history',
  'assets.uses': 'GET /brands/{b}/assets/{id}/uses',
  'tags.list': 'GET /brands/{b}/tags',
  'zips.create': 'POST /brands/{b}/zips',
  'zips.get': 'GET /brands/{b}/zips/{id}',
  'operations.list': 'GET /brands/{b}/operations',
  'operations.undo': 'POST /brands/{b}/operations/{id}/undo',
  'uploads.put': 'PUT /brands/{b}/uploads',
  'uploads.form': 'POST /brands/{b}/uploads',
  'uploads.resumable': 'POST /brands/{b}/uploads/resumable',
  'uploads.check': 'POST /brands/{b}/uploads/check',
  'uploads.fetch': 'POST /brands/{b}/uploads/fetch',
  'files.get': 'GET /brands/{b}/assets/{id}/file',
  'files.thumbnail': 'GET /brands/{b}/assets/{id}/thumbnail',
  'files.rendition': 'GET /brands/{b}/assets/{id}/renditions/{name}',
  'files.link': 'POST /brands/{b}/assets/{id}/links',
  'files.signed': 'GET /links/{token}',
  'versions.list': 'GET /brands/{b}/assets/{id}/versions',
  'versions.add': 'PUT /brands/{b}/assets/{id}/versions',
  'versions.restore': 'POST /brands/{b}/assets/{id}/versions/{n}/restore',
  'trash.list': 'GET /brands/{b}/trash',
  'trash.empty': 'DELETE /brands/{b}/trash',
  'trash.purge': 'DELETE /brands/{b}/trash/{id}',
  'storage.get': 'GET /storage',
  'storage.check': 'POST /storage/reservations',
  'storage.release': 'DELETE /storage/reservations/{id}',
  'brands.list': 'GET /brands',
  'brands.create': 'POST /brands',
  'keys.list': 'GET /brands/{b}/keys',
  'keys.create': 'POST /brands/{b}/keys',
  'keys.revoke': 'DELETE /brands/{b}/keys/{id}',
  'session.get': 'GET /session',
  'session.end': 'DELETE /session',
  'events.stream': 'GET /brands/{b}/events',
  'system.capabilities': 'GET /system/capabilities',
} as const satisfies Record<string, `${'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'} /${string}`>;

export type OperationName = keyof typeof ROUTES;

/** Every path of the table starts here. */
export const API_BASE = '/api/v1';

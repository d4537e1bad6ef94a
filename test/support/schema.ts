import { Client } from 'pg';
import type { TestConnection } from './postgres.ts';

/** Tables of the installation, which hold no brand's content: why each may do without the brand's wall. */
export const INSTALLATION_TABLES: Readonly<Record<string, string>> = {
  installation: 'one row: the id and the signing key of this installation',
  workspace: 'one row: name and plan',
  workspace_usage: 'one row: bytes used, reserved and allowed in all',
  brand: 'the list of brands itself',
  person: 'people of the workspace, above the brands',
  sign_in_link: 'digests of one-time links of people',
  session: 'digests of session cookies of people',
  api_key: 'read before the brand is known: the key says which brand it opens',
  kysely_migration: 'names of the migrations that have run',
  kysely_migration_lock: 'lock of the migrator',
};

/** Tables of the brands that do without row-level security, and why. */
export const OPEN_TABLES: Readonly<Record<string, string>> = {
  asset_search:
    'row security would switch its indexes off; the application role has no right on it, only on its view',
};

export const VIEWS: Readonly<Record<string, string>> = {
  search_row: 'pins the brand of the transaction over asset_search, for reading and writing',
};

export const DEFINER_FUNCTIONS: Readonly<Record<string, string>> = {
  enqueue_job: 'adds a job in the tables of the worker, which are closed to the application role',
};

/** Keys over all brands: they make a taken value visible, so each value must be random and made by the program. */
export const GLOBAL_KEYS: Readonly<Record<string, string>> = {
  asset_id_key: 'asset ids are random and unique in the installation',
  version_storage_key_key: 'one blob belongs to one version; the key holds the brand and the random asset id',
  rendition_storage_key_key:
    'one blob belongs to one rendition; the key holds the brand and the random asset id',
};

/** What the application role may do with tables of the installation; nothing else. */
const APP_RIGHTS: Readonly<Record<string, readonly string[]>> = {
  workspace: ['SELECT'],
  brand: ['SELECT'],
  workspace_usage: ['SELECT', 'UPDATE'],
};
const RIGHTS = ['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER'];
const BRAND_RIGHTS = ['SELECT', 'INSERT', 'UPDATE', 'DELETE'];

interface TableRow {
  readonly name: string;
  readonly secured: boolean;
  readonly forced: boolean;
  readonly keyed: boolean;
  readonly branded: boolean;
  readonly rights: readonly string[];
}

/** Every hole in the walls between brands that the catalogue shows, in words; none for a sound schema. */
export async function schemaProblems(connection: TestConnection): Promise<string[]> {
  const client = new Client(connection);
  await client.connect();
  try {
    return [
      ...(await tableProblems(client)),
      ...(await policyProblems(client)),
      ...(await keyProblems(client)),
      ...(await programProblems(client)),
      ...(await roleProblems(client)),
    ];
  } finally {
    await client.end();
  }
}

async function tableProblems(client: Client): Promise<string[]> {
  const { rows } = await client.query<TableRow>(
    `select c.relname as name, c.relrowsecurity as secured, c.relforcerowsecurity as forced,
       coalesce((select a.attname = 'brand_id' from pg_index i
         join pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[0]
         where i.indrelid = c.oid and i.indisprimary), false) as keyed,
       exists (select 1 from pg_attribute a where a.attrelid = c.oid and a.attname = 'brand_id'
         and not a.attisdropped) as branded,
       array(select r from unnest($1::text[]) r where has_table_privilege('backlot_app', c.oid, r)) as rights
     from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'f')`,
    [RIGHTS],
  );
  return rows.flatMap((table) => {
    if (table.name in INSTALLATION_TABLES) return rightsBeyond(table, APP_RIGHTS[table.name] ?? []);
    if (!table.branded) return [`${table.name}: no brand_id, and not listed as a table of the installation`];
    const problems = table.keyed ? [] : [`${table.name}: the primary key does not begin with brand_id`];
    if (table.name in OPEN_TABLES) return [...problems, ...rightsBeyond(table, [])];
    if (!table.secured) problems.push(`${table.name}: row-level security is off`);
    if (!table.forced) problems.push(`${table.name}: row-level security is not forced on the owner`);
    return [...problems, ...rightsBeyond(table, BRAND_RIGHTS)];
  });
}

function rightsBeyond(table: TableRow, allowed: readonly string[]): string[] {
  const beyond = table.rights.filter((right) => !allowed.includes(right));
  return beyond.length === 0 ? [] : [`${table.name}: backlot_app may ${beyond.join(', ')}`];
}

async function policyProblems(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string; policies: number; sound: number }>(
    `select c.relname as name, count(p.oid)::int as policies,
       count(p.oid) filter (where p.polcmd = '*' and p.polpermissive
         and pg_get_expr(p.polqual, c.oid) like '%brand_id = (NULLIF(current_setting(''app.brand''%'
         and pg_get_expr(p.polwithcheck, c.oid) = pg_get_expr(p.polqual, c.oid))::int as sound
     from pg_class c left join pg_policy p on p.polrelid = c.oid
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
       and exists (select 1 from pg_attribute a where a.attrelid = c.oid and a.attname = 'brand_id')
     group by c.relname`,
  );
  return rows
    .filter((table) => !(table.name in INSTALLATION_TABLES) && !(table.name in OPEN_TABLES))
    .filter((table) => table.policies !== 1 || table.sound !== 1)
    .map((table) => `${table.name}: needs exactly one policy that pins the brand for USING and WITH CHECK`);
}

/** Foreign keys inside a brand carry the brand, and unique keys over all brands are listed. */
async function keyProblems(client: Client): Promise<string[]> {
  const foreign = await client.query<{ name: string; at: string }>(
    `select k.conname as name, c.relname as at from pg_constraint k
     join pg_class c on c.oid = k.conrelid join pg_class f on f.oid = k.confrelid
     where k.contype = 'f' and c.relnamespace = 'public'::regnamespace
       and exists (select 1 from pg_attribute a where a.attrelid = f.oid and a.attname = 'brand_id')
       and not exists (select 1 from unnest(k.conkey, k.confkey) as pair (mine, theirs)
         join pg_attribute m on m.attrelid = c.oid and m.attnum = pair.mine and m.attname = 'brand_id'
         join pg_attribute t on t.attrelid = f.oid and t.attnum = pair.theirs and t.attname = 'brand_id')`,
  );
  const unique = await client.query<{ name: string; at: string }>(
    `select x.relname as name, c.relname as at from pg_index i
     join pg_class c on c.oid = i.indrelid join pg_class x on x.oid = i.indexrelid
     join pg_attribute first on first.attrelid = c.oid and first.attnum = i.indkey[0]
     where i.indisunique and not i.indisprimary and c.relnamespace = 'public'::regnamespace
       and first.attname <> 'brand_id'
       and exists (select 1 from pg_attribute a where a.attrelid = c.oid and a.attname = 'brand_id')`,
  );
  return [
    ...foreign.rows.map((key) => `${key.at}: the foreign key ${key.name} leaves the brand out`),
    ...unique.rows
      .filter((key) => !(key.name in GLOBAL_KEYS))
      .map((key) => `${key.at}: the unique key ${key.name} spans all brands and is not listed`),
  ];
}

/** Views and SECURITY DEFINER functions run with the rights of their owner, past every policy. */
async function programProblems(client: Client): Promise<string[]> {
  const views = await client.query<{ name: string; pinned: boolean }>(
    `select c.relname as name, pg_get_viewdef(c.oid) like '%brand_id = (NULLIF(current_setting(''app.brand''%'
       and coalesce('check_option=local' = any (c.reloptions), false) as pinned
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('v', 'm') and n.nspname not in ('pg_catalog', 'information_schema', 'graphile_worker')`,
  );
  const functions = await client.query<{ name: string; safe: boolean }>(
    `select p.proname as name, coalesce(p.proconfig::text like '%search_path=pg_catalog, pg_temp%', false)
       and not has_function_privilege('public', p.oid, 'execute') as safe
     from pg_proc p join pg_namespace n on n.oid = p.pronamespace
     where p.prosecdef and n.nspname not in ('pg_catalog', 'information_schema')`,
  );
  return [
    ...views.rows.filter((v) => !(v.name in VIEWS)).map((v) => `${v.name}: a view that is not listed`),
    ...views.rows.filter((v) => !v.pinned).map((v) => `${v.name}: a view that does not pin the brand`),
    ...functions.rows
      .filter((f) => !(f.name in DEFINER_FUNCTIONS))
      .map((f) => `${f.name}: a SECURITY DEFINER function that is not listed`),
    ...functions.rows
      .filter((f) => !f.safe)
      .map((f) => `${f.name}: SECURITY DEFINER needs a fixed search_path and no right for everybody`),
  ];
}

async function roleProblems(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ strong: boolean; owns: number; member: number; worker: boolean }>(
    `select rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolcanlogin as strong,
       (select count(*) from pg_class where relowner = r.oid)::int as owns,
       (select count(*) from pg_auth_members where member = r.oid)::int as member,
       has_schema_privilege(r.oid, 'graphile_worker', 'usage')
         or has_schema_privilege(r.oid, 'public', 'create') as worker
     from pg_roles r where rolname = 'backlot_app'`,
  );
  const [role] = rows;
  if (role === undefined) return ['backlot_app: the role is missing'];
  return [
    ...(role.strong ? ['backlot_app: the role has powers beyond its tables'] : []),
    ...(role.owns > 0 ? ['backlot_app: the role owns relations, whose policies it would escape'] : []),
    ...(role.member > 0 ? ['backlot_app: the role is a member of another'] : []),
    ...(role.worker ? ['backlot_app: the role reaches the tables of the worker, or may create its own'] : []),
  ];
}

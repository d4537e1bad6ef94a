import { ROLES, SYSTEM, enterBrand } from '../domain/access.ts';
import type { BrandScope } from '../domain/access.ts';
import {
  brandNamed,
  createKey,
  createSignInLink,
  listBrands,
  listKeys,
  revokeKey,
  lastAddress,
} from '../services/credentials.ts';
import type { Deps } from '../services/deps.ts';
import { UsageError, isOn, noWords, oneOf, required, text } from './args.ts';
import type { FlagTable } from './args.ts';
import { COMMON_FLAGS, LIBRARY_FLAGS } from './command.ts';
import type { Command } from './command.ts';
import { withLibrary } from './connection.ts';
import { CliError } from './errors.ts';
import { printJson, printTable, printable, wantsJson } from './print.ts';

const BRAND: FlagTable = { brand: { value: 'BRAND', means: 'Slug or id of the brand; default: default' } };
const SHARED: FlagTable = { ...BRAND, ...LIBRARY_FLAGS, ...COMMON_FLAGS };

/** Who works on the data folder itself holds everything in it already, so no key is asked for. */
export async function brandScope(deps: Pick<Deps, 'database'>, slug: string): Promise<BrandScope> {
  const brand = await brandNamed(deps, SYSTEM, slug);
  if (brand !== undefined) return enterBrand(SYSTEM, brand, 'admin');
  const { items } = await listBrands(deps, SYSTEM);
  throw new CliError(
    'not_found',
    `There is no brand "${printable(slug)}".`,
    `Brands here: ${items.map((item) => item.slug).join(', ')}.`,
  );
}

export const keysCreate: Command = {
  name: 'keys create',
  summary: 'Make an API key for one brand',
  usage: '--role ROLE --name NAME [--brand BRAND] [--quiet]',
  flags: {
    role: { value: 'ROLE', means: `What it may do: ${ROLES.join(', ')} (needed)` },
    name: { value: 'NAME', means: 'What people know it by (needed)' },
    quiet: { means: 'Print the key alone' },
    ...SHARED,
  },
  examples: [
    'backlot keys create --brand default --role editor --name laptop',
    'export BACKLOT_KEY="$(npx backlot keys create --role editor --name script --quiet)"',
  ],
  run: async (context) => {
    const { parsed, host } = context;
    noWords(parsed);
    const role = oneOf(parsed, 'role', ROLES);
    if (role === undefined) throw new UsageError(`--role is missing: ${ROLES.join(', ')}.`);
    const name = required(parsed, 'name');
    if (name.length > 100) throw new UsageError('--name may have 100 characters at most.');
    const slug = text(parsed, 'brand') ?? 'default';
    return withLibrary(context, host.openBase, async ({ deps }) => {
      const key = await createKey(deps, await brandScope(deps, slug), { name, role });
      if (isOn(parsed, 'quiet')) host.out(`${key.secret}\n`);
      else if (wantsJson(context)) printJson(context, key);
      else {
        host.out(`\n  ${key.secret}\n\n`);
        host.out(
          `${printable(key.name)}: ${role} in ${printable(slug)}. The key is shown this once; keep it safe.\n`,
        );
        host.out(`To use it here: export BACKLOT_KEY=…  To end it: npx backlot keys revoke ${key.id}\n`);
      }
      return 0;
    });
  },
};

export const keysList: Command = {
  name: 'keys list',
  summary: 'List the API keys of a brand',
  usage: '[--brand BRAND]',
  flags: SHARED,
  examples: ['backlot keys list'],
  run: (context) => {
    noWords(context.parsed);
    return withLibrary(context, context.host.openBase, async ({ deps }) => {
      const scope = await brandScope(deps, text(context.parsed, 'brand') ?? 'default');
      const answer = await listKeys(deps, scope);
      if (wantsJson(context)) printJson(context, answer);
      else {
        printTable(
          context,
          ['ID', 'ROLE', 'MADE', 'LAST USED', 'STATE', 'NAME'],
          answer.items.map((key) => [
            key.id,
            key.role,
            key.createdAt.slice(0, 10),
            key.lastUsedAt?.slice(0, 10) ?? 'never',
            key.revokedAt === null ? 'valid' : 'revoked',
            key.name,
          ]),
        );
      }
      return 0;
    });
  },
};

export const keysRevoke: Command = {
  name: 'keys revoke',
  summary: 'End an API key at once',
  usage: 'ID [--brand BRAND]',
  flags: SHARED,
  examples: ['backlot keys revoke Ab12Cd34'],
  run: (context) => {
    const [id, ...more] = context.parsed.words;
    if (id === undefined || more.length > 0)
      throw new UsageError('Name one key by its id; keys list shows them.');
    return withLibrary(context, context.host.openBase, async ({ deps }) => {
      const scope = await brandScope(deps, text(context.parsed, 'brand') ?? 'default');
      const key = await revokeKey(deps, scope, { id: id.replace(/^bkl_/, '').slice(0, 8) });
      if (wantsJson(context)) printJson(context, key);
      else context.host.out(`${printable(key.name)} (${key.id}) is revoked.\n`);
      return 0;
    });
  },
};

export const signIn: Command = {
  name: 'sign-in',
  summary: 'Print a new link that signs the owner in once',
  usage: '[--url ADDRESS]',
  flags: {
    url: { value: 'ADDRESS', means: 'Address of the server, when it differs from the settings' },
    ...LIBRARY_FLAGS,
    ...COMMON_FLAGS,
  },
  examples: ['backlot sign-in', 'backlot sign-in --url https://media.example.org'],
  run: (context) => {
    noWords(context.parsed);
    return withLibrary(context, context.host.openBase, async ({ deps, address }) => {
      const known = text(context.parsed, 'url') ?? (await lastAddress(deps)) ?? address;
      const origin = known.replace(/\/$/, '');
      const link = await createSignInLink({ ...deps, publicUrl: () => origin });
      if (wantsJson(context)) printJson(context, { link });
      else context.host.out(`${link}\n`);
      return 0;
    });
  },
};

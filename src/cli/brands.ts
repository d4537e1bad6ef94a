import { SYSTEM } from '../domain/access.ts';
import { createBrand, listBrands } from '../services/credentials.ts';
import { UsageError, noWords, required, text } from './args.ts';
import { COMMON_FLAGS, LIBRARY_FLAGS } from './command.ts';
import type { Command } from './command.ts';
import { withLibrary } from './connection.ts';
import { printJson, printTable, printable, wantsJson } from './print.ts';

const SLUG = /^[a-z0-9][a-z0-9-]{0,62}$/;

export const brandsCreate: Command = {
  name: 'brands create',
  summary: 'Make a brand, with a library that no other brand sees',
  usage: '--slug SLUG [--name NAME]',
  flags: {
    slug: { value: 'SLUG', means: 'Short name for addresses: small letters, digits and hyphens (needed)' },
    name: { value: 'NAME', means: 'What people read; default: the slug' },
    ...LIBRARY_FLAGS,
    ...COMMON_FLAGS,
  },
  examples: ['backlot brands create --slug acme --name "Acme Films"'],
  run: async (context) => {
    const { parsed, host } = context;
    noWords(parsed);
    const slug = required(parsed, 'slug');
    if (!SLUG.test(slug)) throw new UsageError('--slug takes small letters, digits and hyphens, 63 at most.');
    const name = text(parsed, 'name') ?? slug;
    if (name.trim() === '' || name.length > 200) throw new UsageError('--name takes 1 to 200 characters.');
    return withLibrary(context, host.openBase, async ({ deps }) => {
      const brand = await createBrand(deps, SYSTEM, { slug, name });
      if (wantsJson(context)) printJson(context, brand);
      else host.out(`${printable(brand.name)} is there: --brand ${brand.slug} works in it.\n`);
      return 0;
    });
  },
};

export const brandsList: Command = {
  name: 'brands list',
  summary: 'List the brands of this installation',
  usage: '',
  flags: { ...LIBRARY_FLAGS, ...COMMON_FLAGS },
  examples: ['backlot brands list'],
  run: (context) => {
    noWords(context.parsed);
    return withLibrary(context, context.host.openBase, async ({ deps }) => {
      const answer = await listBrands(deps, SYSTEM);
      if (wantsJson(context)) printJson(context, answer);
      else
        printTable(
          context,
          ['SLUG', 'NAME'],
          answer.items.map(({ slug, name }) => [slug, name]),
        );
      return 0;
    });
  },
};

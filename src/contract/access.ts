import { z } from 'zod';
import { ROLES, VERBS } from '../domain/access.ts';
import { inBrand, none, time } from './common.ts';

const brand = z.object({ id: z.string(), slug: z.string(), name: z.string() });
const key = z.object({
  id: z.string(),
  name: z.string(),
  role: z.enum(ROLES),
  prefix: z.string().describe('First characters, to tell keys apart'),
  createdAt: time,
  lastUsedAt: time.nullable(),
  revokedAt: time.nullable(),
});

export const accessOperations = {
  'brands.create': {
    summary: 'Make a brand',
    input: z.strictObject({
      slug: z
        .string()
        .regex(/^(?![0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$)[a-z0-9][a-z0-9-]{0,62}$/)
        .describe(
          'Short name for addresses: small letters, digits and hyphens, but not in the form of an id',
        ),
      name: z.string().min(1).max(200),
    }),
    output: brand,
    verb: 'admin',
  },
  'brands.list': {
    summary: 'List the brands that the caller may enter',
    input: none,
    output: z.object({ items: z.array(brand) }),
    verb: 'read',
  },
  'keys.list': {
    summary: 'List the API keys of a brand',
    input: z.strictObject(inBrand),
    output: z.object({ items: z.array(key) }),
    verb: 'admin',
  },
  'keys.create': {
    summary: 'Make an API key for a brand; its secret is shown once',
    input: z.strictObject({ ...inBrand, name: z.string().min(1).max(100), role: z.enum(ROLES) }),
    output: key.extend({ secret: z.string().describe('The whole key; shown this once') }),
    verb: 'admin',
  },
  'keys.revoke': {
    summary: 'Revoke an API key at once',
    input: z.strictObject({ ...inBrand, id: z.string().max(100) }),
    output: key,
    verb: 'admin',
  },
  'session.get': {
    summary: 'Tell who the caller is and what they may do',
    input: none,
    output: z.object({
      kind: z.enum(['owner', 'key', 'system']),
      name: z.string(),
      verbs: z.array(z.enum(VERBS)),
      workspace: z.string(),
      brands: z.array(brand),
    }),
    verb: 'read',
  },
  'session.end': { summary: 'Sign out', input: none, output: none, verb: 'read' },
} as const;

import { z } from 'zod';
import { ASSET_TYPES, MEDIA_TYPES, SOURCES, STATES, STATUSES } from '../domain/asset-types.ts';

export const assetType = z.enum(ASSET_TYPES);
export const mediaType = z.enum(MEDIA_TYPES);
export const source = z.enum(SOURCES);
export const status = z.enum(STATUSES);
export const state = z.enum(STATES);

export const assetId = z
  .string()
  .regex(/^AST-[0-9A-HJKMNP-TV-Z]{8}$/)
  .describe('An asset id, such as AST-7K2M9QX4');
export const collectionId = z
  .string()
  .regex(/^COL-[0-9A-HJKMNP-TV-Z]{8}$/)
  .describe('A collection id, such as COL-7K2M9QX4');
/** A brand's id or slug. */
export const brand = z.string().min(1).max(64).describe('A brand: its slug or id');
export const time = z.iso.datetime().describe('UTC, ISO 8601');
export const bytes = z.number().int().min(0).describe('Bytes');

export const inBrand = { b: brand };
export const onAsset = { b: brand, id: assetId };
export const none = z.strictObject({});

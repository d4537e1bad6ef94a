import type { Asset } from './asset.ts';
import { cleanLabel, cleanName, cleanParagraph, cleanTags, cleanText } from './naming.ts';

/** What an upload said about bytes that the brand held already. */
export type Said = {
  readonly [
    K in 'title' | 'description' | 'sceneHint' | 'product' | 'campaign' | 'type' | 'mediaType' | 'source'
  ]?: string | undefined;
} & { readonly tags?: readonly string[] | undefined; readonly mustInclude?: boolean | undefined };

export type Held = Pick<
  Asset,
  | 'name'
  | 'description'
  | 'sceneHint'
  | 'product'
  | 'campaign'
  | 'type'
  | 'mediaType'
  | 'source'
  | 'tags'
  | 'mustInclude'
>;

/** The tags that the held asset does not have yet. */
export function newTags(said: Said, held: Held): string[] {
  return cleanTags([...(said.tags ?? [])]).filter((tag) => !held.tags.includes(tag));
}

/** Names of the fields that were said otherwise than they are held; these stay, since somebody may have edited them. */
export function differing(said: Said, held: Held): string[] {
  const { title, description, sceneHint } = said;
  const stored: Readonly<Record<string, readonly [said: unknown, held: unknown]>> = {
    title: [title === undefined ? undefined : cleanName(title), held.name],
    type: [said.type, held.type],
    mediaType: [said.mediaType, held.mediaType],
    source: [said.source, held.source],
    description: [description === undefined ? undefined : cleanParagraph(description), held.description],
    sceneHint: [sceneHint === undefined ? undefined : cleanText(sceneHint), held.sceneHint],
    product: [said.product === undefined ? undefined : cleanLabel(said.product), held.product],
    campaign: [said.campaign === undefined ? undefined : cleanLabel(said.campaign), held.campaign],
    mustInclude: [said.mustInclude, held.mustInclude],
  };
  return Object.keys(stored).filter((name) => {
    const [wanted, has] = stored[name] ?? [];
    return wanted !== undefined && wanted !== has;
  });
}

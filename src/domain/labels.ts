/** What assets are sorted by besides what their files are. Each is one letter in the label index, such as `p:Sneaker`. */
export const LABEL_KINDS = {
  status: 's',
  rating: 'r',
  product: 'p',
  campaign: 'c',
  hasPeople: 'h',
  orientation: 'o',
  mustInclude: 'i',
  mood: 'm',
  style: 'y',
  tag: 't',
  model: 'g',
  lora: 'l',
  sampler: 'n',
  generator: 'w',
} as const;
export type LabelKind = keyof typeof LABEL_KINDS;
export const LABEL_KIND_NAMES = Object.keys(LABEL_KINDS) as [LabelKind, ...LabelKind[]];

/** The value of whatever is not said. */
export const UNSAID = '-';
export const PEOPLE = ['yes', 'no', 'unknown'] as const;
export const RATINGS = ['5', '4', '3', '2', '1', UNSAID] as const;

/** A value as the filters and facets name it. */
export function labelText(kind: LabelKind, value: string): string {
  return `${LABEL_KINDS[kind]}:${kind === 'hasPeople' && value === 'unknown' ? UNSAID : value}`;
}

export function labelValue(kind: LabelKind, label: string): string {
  const value = label.slice(2);
  return kind === 'hasPeople' && value === UNSAID ? 'unknown' : value;
}

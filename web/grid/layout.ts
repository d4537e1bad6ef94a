/** A group as the server counts it. */
export interface GroupSize {
  readonly key: string;
  readonly count: number;
  readonly bytes: number;
}

/** Pixels of one layout. A row is a card with the gap under it. */
export interface Metrics {
  readonly columns: number;
  readonly cardWidth: number;
  readonly cardHeight: number;
  readonly gap: number;
  /** Height of a group's header; 0 when the list is not grouped. */
  readonly header: number;
  /** Empty space round the whole. */
  readonly padding: number;
}

export interface LaidGroup extends GroupSize {
  /** Index of its first card in the whole list. */
  readonly start: number;
  /** Top of its header, from the top of the content. */
  readonly y: number;
}

/** Arithmetic over groups: memory and time depend on the groups, never on the number of cards. */
export interface GridLayout {
  readonly groups: readonly LaidGroup[];
  readonly metrics: Metrics;
  readonly count: number;
  readonly height: number;
}

export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** First and last index, both included. */
export interface Range {
  readonly first: number;
  readonly last: number;
}

const FOOTER = 52;

export interface MetricsInput {
  /** Inner width of the scroller. */
  readonly width: number;
  /** Wished width of a card; the real one fills the row. */
  readonly size: number;
  readonly gap: number;
  readonly grouped: boolean;
  /** Never fewer columns than this: a phone shows two. */
  readonly atLeast?: number;
}

export function metricsFor(input: MetricsInput): Metrics {
  const padding = input.width < 600 ? 12 : 16;
  const inner = Math.max(1, input.width - padding * 2);
  const fits = Math.floor((inner + input.gap) / (input.size + input.gap));
  const columns = Math.max(1, input.atLeast ?? 1, fits);
  const cardWidth = Math.max(1, (inner - input.gap * (columns - 1)) / columns);
  return {
    columns,
    cardWidth,
    cardHeight: Math.round(cardWidth * 0.7) + FOOTER,
    gap: input.gap,
    header: input.grouped ? 44 : 0,
    padding,
  };
}

export function layOut(sizes: readonly GroupSize[], metrics: Metrics): GridLayout {
  const groups: LaidGroup[] = [];
  let start = 0;
  // Headers carry their own space, so only an ungrouped list needs some above the first row.
  let y = metrics.header === 0 ? metrics.padding : 0;
  for (const size of sizes) {
    const count = Math.max(0, Math.floor(size.count));
    if (count === 0) continue;
    groups.push({ ...size, count, start, y });
    start += count;
    y += metrics.header + rowsOf(count, metrics) * rowHeight(metrics);
  }
  return { groups, metrics, count: start, height: groups.length === 0 ? 0 : y + metrics.padding };
}

export function rowHeight(metrics: Metrics): number {
  return metrics.cardHeight + metrics.gap;
}

function rowsOf(count: number, metrics: Metrics): number {
  return Math.ceil(count / metrics.columns);
}

/** The last group for which `starts(group)` is at most `value`; undefined only for an empty layout. */
function lastGroup(
  layout: GridLayout,
  value: number,
  starts: (group: LaidGroup) => number,
): LaidGroup | undefined {
  let low = 0;
  let high = layout.groups.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    const group = layout.groups[middle];
    if (group !== undefined && starts(group) <= value) low = middle;
    else high = middle - 1;
  }
  return layout.groups[low];
}

export function groupOf(layout: GridLayout, index: number): LaidGroup | undefined {
  return lastGroup(layout, index, (group) => group.start);
}

function groupAtY(layout: GridLayout, y: number): LaidGroup | undefined {
  return lastGroup(layout, y, (group) => group.y);
}

/** Where a card lies in the content; undefined outside the list. */
export function rectOf(layout: GridLayout, index: number): Rect | undefined {
  if (index < 0 || index >= layout.count) return undefined;
  const group = groupOf(layout, index);
  if (group === undefined) return undefined;
  const { metrics } = layout;
  const inGroup = index - group.start;
  const column = inGroup % metrics.columns;
  return {
    x: metrics.padding + column * (metrics.cardWidth + metrics.gap),
    y: group.y + metrics.header + Math.floor(inGroup / metrics.columns) * rowHeight(metrics),
    width: metrics.cardWidth,
    height: metrics.cardHeight,
  };
}

/** First card of the row at or before `y`; of the row after it, when `y` lies in a header. */
function rowStart(layout: GridLayout, group: LaidGroup, y: number): number {
  const rows = rowsOf(group.count, layout.metrics);
  const row = Math.floor((y - group.y - layout.metrics.header) / rowHeight(layout.metrics));
  return group.start + Math.min(Math.max(0, row), rows - 1) * layout.metrics.columns;
}

/** Cards whose rows touch the band from `top` to `bottom`; null for an empty list. */
export function rangeIn(layout: GridLayout, top: number, bottom: number): Range | null {
  const from = groupAtY(layout, top);
  const to = groupAtY(layout, bottom);
  if (from === undefined || to === undefined) return null;
  const lastRow = rowStart(layout, to, bottom);
  return {
    first: rowStart(layout, from, top),
    last: Math.min(lastRow + layout.metrics.columns, to.start + to.count) - 1,
  };
}

/** Groups whose area touches the band. */
export function groupsIn(layout: GridLayout, top: number, bottom: number): readonly LaidGroup[] {
  const from = groupAtY(layout, top);
  if (from === undefined) return [];
  const found: LaidGroup[] = [];
  for (let at = layout.groups.indexOf(from); at < layout.groups.length; at += 1) {
    const group = layout.groups[at];
    if (group === undefined || group.y > bottom) break;
    found.push(group);
  }
  return found;
}

/** The card nearest to the middle of a view of `height` pixels at `top`. */
export function middleIndex(layout: GridLayout, top: number, height: number): number {
  const middle = top + height / 2;
  const group = groupAtY(layout, middle);
  if (group === undefined) return 0;
  const column = Math.floor(layout.metrics.columns / 2);
  return Math.min(rowStart(layout, group, middle) + column, group.start + group.count - 1);
}

/** Moves by rows and keeps the column, also over the end of a group; short rows give their last card. */
export function moveByRows(layout: GridLayout, index: number, rows: number): number {
  const { columns } = layout.metrics;
  let group = groupOf(layout, index);
  if (group === undefined) return 0;
  const column = (index - group.start) % columns;
  let row = Math.floor((index - group.start) / columns) + rows;
  let at = layout.groups.indexOf(group);
  while (row < 0 && at > 0) {
    at -= 1;
    group = layout.groups[at] ?? group;
    row += rowsOf(group.count, layout.metrics);
  }
  while (row >= rowsOf(group.count, layout.metrics) && at < layout.groups.length - 1) {
    row -= rowsOf(group.count, layout.metrics);
    at += 1;
    group = layout.groups[at] ?? group;
  }
  // Beyond either end nothing moves, so that holding the key never changes the column.
  if (row < 0 || row >= rowsOf(group.count, layout.metrics)) {
    return rows < 0 ? Math.min(column, layout.count - 1) : layout.count - 1;
  }
  return Math.min(group.start + row * columns + column, group.start + group.count - 1);
}

import { Suspense, useEffect, useMemo, useRef, useSyncExternalStore } from 'react';
import type { Library } from '../data/library.ts';
import { DENSITY_GAP, usePrefs } from '../data/prefs.ts';
import { useView } from '../data/view.ts';
import { groupTitle } from '../data/words.ts';
import { formatCount } from '../i18n/format.ts';
import { toast } from '../panels/toast.tsx';
import { Card, cardId } from './card.tsx';
import type { GridControl } from './control.ts';
import { isPicked, pickGroup } from './control.ts';
import { GroupHead } from './group-head.tsx';
import { groupsIn, layOut, metricsFor, middleIndex, rectOf } from './layout.ts';
import type { LaidGroup } from './layout.ts';
import { nativeHeight } from './scroll.ts';
import { Scrubber } from './scrubber.tsx';
import { StickyHead } from './sticky-head.tsx';
import type { ScrubberMark } from './scrubber.tsx';
import { boxOf } from './selection.ts';
import { useCursor } from './use-cursor.ts';
import { useBoxSize, useGridView } from './use-grid-view.ts';
import { useGridKeys } from './use-grid-keys.ts';
import type { KeyActs } from './use-grid-keys.ts';
import { useTimeKeys } from './use-time-keys.ts';
import { usePointer } from './use-pointer.ts';
import type { PointerActs } from './use-pointer.ts';
import { lazy } from '../data/lazy.ts';

export interface GridProps {
  readonly library: Library;
  readonly acts: Omit<KeyActs, 'focusList'> & Pick<PointerActs, 'open' | 'menu'>;
  /** An asset lies over the grid in full: of the grid's keys only the arrows act, and walk on. */
  readonly isCovered: boolean;
  /** The asset that is open: the keys go on from it. */
  readonly openId: string | null;
  /** Index at which each month begins, when the order is one of time. */
  readonly months: readonly { readonly index: number; readonly title: string; readonly year: string }[];
}

const GoToDate = lazy(async () => ({ default: (await import('../panels/go-to-date.tsx')).GoToDate }));

/** Below this many views of content the browser's own bar does. */
const SCRUBBER_FROM = 4;
const PHONE = 600;
const RAIL = 44;

export function Grid({ library, acts, isCovered, openId, months }: GridProps) {
  const { snapshot, store, isOld } = library;
  const box = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const heads = useRef<HTMLDivElement>(null);
  const { width, height } = useBoxSize(box);
  const { size, density } = usePrefs();
  const selection = useView((state) => state.selection);
  const setSelection = useView((state) => state.setSelection);
  const selectMode = useView((state) => state.selectMode);
  const setSelectMode = useView((state) => state.setSelectMode);
  useSyncExternalStore(store.subscribe, store.version);
  const [cursor, setCursor] = useCursor(store, openId);

  const { by } = snapshot.listing;
  const { layout, hasRail } = useMemo(() => {
    const isPhone = width < PHONE;
    const laidOut = (rail: number) =>
      layOut(
        snapshot.groups,
        metricsFor({
          width: Math.max(1, width - rail),
          size,
          gap: DENSITY_GAP[density],
          grouped: by !== 'none',
          ...(isPhone ? { atLeast: 2 } : {}),
        }),
      );
    const whole = laidOut(0);
    const isLong = height > 0 && whole.height > height * SCRUBBER_FROM;
    // The rail has its own room, so that its words never cover a card.
    return { layout: isLong ? laidOut(isPhone ? 16 : 40) : whole, hasRail: isLong };
  }, [snapshot, width, height, size, density, by]);
  const frame = { box, layers: [list, heads], width, height, focus: cursor.focus };
  const { scroller, view } = useGridView({ layout, store }, frame);

  const control: GridControl = {
    layout,
    store,
    scroller,
    cursor,
    setCursor,
    selection,
    setSelection,
    complain: (text) => toast({ text, tone: 'bad' }),
  };
  const focusList = () => list.current?.focus({ preventScroll: true });
  const wasCovered = useRef(isCovered);
  useEffect(() => {
    // What lay over the grid took the focus with it.
    if (wasCovered.current && !isCovered) list.current?.focus({ preventScroll: true });
    wasCovered.current = isCovered;
  }, [isCovered]);
  useGridKeys(control, { ...acts, isCovered, focusList });
  const toDate = useTimeKeys(control, { isCovered, follow: acts.follow });
  const { handlers, marquee } = usePointer(
    control,
    { ...acts, selectMode, startSelecting: () => setSelectMode(true) },
    box,
  );

  const top = scroller.offset - 300;
  const shownGroups = by === 'none' ? [] : groupsIn(layout, Math.max(0, top), scroller.offset + height + 300);
  const headOf = (group: LaidGroup) => ({
    group,
    title: groupTitle(by, group.key),
    padding: layout.metrics.padding,
    box: boxOf(selection, { ...group, loaded: store.loadedIn(group.key) }),
    onToggle: () => void pickGroup(control, group),
  });
  const isFocusDrawn =
    view.range !== null && cursor.focus >= view.range.first && cursor.focus <= view.range.last;
  const marks = useMemo(() => yearMarks(months, layout), [months, layout]);
  const labelAt = useMemo(
    () => (offset: number) => {
      const index = middleIndex(layout, offset, height);
      const month = months.findLast((one) => one.index <= index);
      return month?.title ?? `Card ${formatCount(index + 1)} of ${formatCount(layout.count)}`;
    },
    [layout, months, height],
  );

  return (
    <div
      className={[
        'relative h-full min-h-0',
        isOld ? 'grid-old' : '',
        selectMode ? 'grid-selecting' : '',
        cursor.byKeys ? 'grid-keys' : '',
      ].join(' ')}
      aria-busy={isOld}
    >
      <div ref={box} className="grid-box" data-scrubber={hasRail || undefined} tabIndex={-1} {...handlers}>
        <div style={{ height: nativeHeight({ content: layout.height, view: height }), position: 'relative' }}>
          <div ref={heads} className="grid-layer grid-heads">
            {shownGroups.map((group) => (
              <GroupHead key={group.key} {...headOf(group)} y={group.y - view.base} />
            ))}
          </div>
          <div
            ref={list}
            className="grid-layer"
            role="listbox"
            aria-multiselectable
            aria-label="Assets"
            tabIndex={0}
            aria-activedescendant={isFocusDrawn ? cardId(cursor.focus) : undefined}
            onFocus={(event) => {
              const byTab = event.currentTarget.matches(':focus-visible');
              if (byTab) control.setCursor({ byKeys: true, focus: Math.max(0, cursor.focus) });
            }}
          >
            {cards(control, { view, pictures: !view.fast })}
          </div>
        </div>
      </div>
      {by === 'none' ? null : (
        <StickyHead layout={layout} scroller={scroller} right={hasRail ? RAIL : 12}>
          {(group) => <GroupHead {...headOf(group)} y={0} isCopy />}
        </StickyHead>
      )}
      {marquee === null ? null : (
        <div
          className="marquee"
          style={{ left: marquee.x, top: marquee.y, width: marquee.width, height: marquee.height }}
        />
      )}
      {toDate.asking ? (
        <Suspense>
          <GoToDate onClose={toDate.close} onGo={toDate.go} />
        </Suspense>
      ) : null}
      {hasRail ? <Scrubber scroller={scroller} marks={marks} labelAt={labelAt} /> : null}
    </div>
  );
}

function cards(
  control: GridControl,
  { view, pictures }: { view: ReturnType<typeof useGridView>['view']; pictures: boolean },
) {
  if (view.range === null) return null;
  const { layout, store, cursor } = control;
  const drawn = [];
  for (let index = view.range.first; index <= view.range.last; index += 1) {
    const rect = rectOf(layout, index);
    if (rect === undefined) continue;
    const card = store.card(index);
    drawn.push(
      <Card
        key={card?.id ?? index}
        card={card}
        index={index}
        total={layout.count}
        place={{ ...rect, y: rect.y - view.base }}
        isSelected={isPicked(control, index)}
        isFocused={index === cursor.focus}
        pictures={pictures}
      />,
    );
  }
  return drawn;
}

function yearMarks(months: GridProps['months'], layout: ReturnType<typeof layOut>): ScrubberMark[] {
  const marks: ScrubberMark[] = [];
  for (const { index, year } of months) {
    const y = rectOf(layout, index)?.y ?? 0;
    const part = layout.height === 0 ? 0 : y / layout.height;
    const last = marks.at(-1);
    // Words closer than this would cover each other.
    if (last?.text === year || (last !== undefined && part - last.part < 0.03)) continue;
    marks.push({ part, text: year });
  }
  return marks;
}

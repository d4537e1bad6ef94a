import type { BoxState } from './selection.ts';
import type { LaidGroup } from './layout.ts';
import { formatBytes, plural } from '../i18n/format.ts';

export interface GroupHeadProps {
  readonly group: LaidGroup;
  readonly title: string;
  readonly box: BoxState;
  readonly y: number;
  readonly padding: number;
  readonly onToggle: () => void;
  /** A second showing of the same header, for the pointer only. */
  readonly isCopy?: boolean;
}

export function GroupHead({ group, title, box, y, padding, onToggle, isCopy = false }: GroupHeadProps) {
  return (
    <div
      className="group-head"
      data-no-marquee
      style={{ transform: `translateY(${y}px)`, paddingInline: padding, right: 'auto' }}
    >
      <label className="flex items-center gap-2.5 max-md:min-h-11">
        <input
          type="checkbox"
          {...(isCopy ? { tabIndex: -1 } : {})}
          checked={box === 'on'}
          ref={(input) => {
            if (input !== null) input.indeterminate = box === 'some';
          }}
          onChange={onToggle}
        />
        <h2 className="text-title">{title}</h2>
      </label>
      <span className="text-label text-muted">
        {plural(group.count, 'asset')} · {formatBytes(group.bytes)}
      </span>
    </div>
  );
}

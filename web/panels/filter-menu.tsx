import { Check, ChevronDown } from 'lucide-react';
import type { ReactNode } from 'react';
import {
  Button,
  Dialog,
  DialogTrigger,
  Header,
  ListBox,
  ListBoxItem,
  ListBoxSection,
  Popover,
} from 'react-aria-components';
import { countText } from '../i18n/format.ts';

export interface FilterOption {
  readonly key: string;
  readonly title: string;
  /** Matching assets with all other filters on; null while unknown. */
  readonly count: number | null;
  /** The count is the least there can be. */
  readonly more?: boolean;
}
export interface FilterSection {
  readonly title: string;
  readonly options: readonly FilterOption[];
}

export interface FilterSpec {
  readonly label: string;
  readonly sections: readonly FilterSection[];
  readonly picked: readonly string[];
  readonly onPick: (keys: string[]) => void;
  /** What stands in the menu in place of the list. */
  readonly body?: ReactNode;
  readonly wide?: boolean;
}

/** A filter of several values behind one button; it stays open while values are picked. */
export function FilterMenu({ filter }: { readonly filter: FilterSpec }) {
  const { label, picked } = filter;
  return (
    <DialogTrigger>
      <Button className="btn btn-small">
        {label}
        {picked.length === 0 ? null : (
          <span className="rounded-sm bg-accent px-1 text-label font-semibold text-on-accent">
            {picked.length}
          </span>
        )}
        <ChevronDown size={14} aria-hidden className="text-muted" />
      </Button>
      <Popover
        placement="bottom start"
        className={`popover ${filter.wide === true ? 'w-[46rem] max-w-[94vw]' : 'w-64'}`}
      >
        <Dialog aria-label={label} className="max-h-[70dvh] overflow-auto p-1 outline-none">
          {filter.body ?? <FilterList filter={filter} />}
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}

export function FilterList({ filter }: { readonly filter: FilterSpec }) {
  const { label, sections, picked, onPick } = filter;
  return (
    <ListBox
      aria-label={label}
      selectionMode="multiple"
      selectionBehavior="toggle"
      // Escape closes the menu; it must not drop what was picked.
      escapeKeyBehavior="none"
      selectedKeys={picked}
      onSelectionChange={(keys) => {
        if (keys !== 'all') onPick([...keys].map(String));
      }}
      className="outline-none"
    >
      {sections.map((section) => (
        <ListBoxSection key={section.title} id={section.title}>
          <Header className={sections.length === 1 ? 'sr-only' : 'px-2.5 pt-2 pb-1 text-label text-muted'}>
            {section.title}
          </Header>
          {section.options.map((option) => (
            <ListBoxItem key={option.key} id={option.key} textValue={option.title} className="option">
              {({ isSelected }) => <Option option={option} isSelected={isSelected} />}
            </ListBoxItem>
          ))}
        </ListBoxSection>
      ))}
    </ListBox>
  );
}

function Option({ option, isSelected }: { readonly option: FilterOption; readonly isSelected: boolean }) {
  const box = isSelected ? 'border-accent bg-accent text-on-accent' : 'border-edge';
  return (
    <>
      <span aria-hidden className={`grid size-4 shrink-0 place-items-center rounded-sm border ${box}`}>
        {isSelected ? <Check size={12} strokeWidth={3} /> : null}
      </span>
      <span className={`flex-1 ${option.count === 0 && !isSelected ? 'text-muted' : ''}`}>
        {option.title}
      </span>
      <span className="text-muted">
        {option.count === null ? '' : countText(option.count, option.more === true)}
      </span>
    </>
  );
}

import { X } from 'lucide-react';
import { Button as AriaButton } from 'react-aria-components';
import { DROP_FILTERS, isFiltering, readAddress } from '../data/address.ts';
import type { LibraryAddress } from '../data/address.ts';
import type { AddressChange, LibraryNav } from '../data/nav.ts';
import { MEDIA_WORDS, SIZE_WORDS, SOURCE_WORDS, TYPE_WORDS } from '../data/words.ts';
import { formatMonth, titleCase } from '../i18n/format.ts';
import { Button } from '../ui/button.tsx';

export interface ChipSpec {
  readonly key: string;
  readonly text: string;
  /** The change of the address that drops it. */
  readonly without: AddressChange;
}

const LISTS = {
  type: TYPE_WORDS,
  source: SOURCE_WORDS,
  mediaType: MEDIA_WORDS,
  sizeRange: SIZE_WORDS,
  tag: {},
} as const satisfies { [K in keyof LibraryAddress]: Readonly<Record<string, string>> };

function listChips(address: LibraryAddress, name: keyof typeof LISTS): ChipSpec[] {
  const words: Readonly<Record<string, string>> = LISTS[name];
  const values: readonly string[] = address[name] ?? [];
  return values.map((value) => ({
    key: `${name}:${value}`,
    text: name === 'tag' ? `#${value}` : (words[value] ?? value),
    without: { [name]: undefined, ...readAddress({ [name]: values.filter((one) => one !== value) }) },
  }));
}

/** Every filter that is on, as something to read and to drop. */
export function chipsOf(address: LibraryAddress): readonly ChipSpec[] {
  const { q, month, orientation, mustInclude, neverUsed } = address;
  const one = (name: keyof LibraryAddress, text: string | undefined): ChipSpec[] =>
    text === undefined ? [] : [{ key: name, text, without: { [name]: undefined } }];
  return [
    ...one('q', q === undefined ? undefined : `“${q}”`),
    ...listChips(address, 'type'),
    ...listChips(address, 'source'),
    ...listChips(address, 'mediaType'),
    ...listChips(address, 'sizeRange'),
    ...listChips(address, 'tag'),
    ...one('month', month === undefined ? undefined : formatMonth(month)),
    ...one('orientation', orientation === undefined ? undefined : titleCase(orientation)),
    ...one('mustInclude', mustInclude === true ? 'Must include' : undefined),
    ...one('neverUsed', neverUsed === true ? 'Never used' : undefined),
  ];
}

/** A row of its own, so that no control moves or hides; the words of the search stand in their box already. */
export function FilterChips({ nav }: { readonly nav: LibraryNav }) {
  const chips = chipsOf(nav.address).filter(({ key }) => key !== 'q');
  if (chips.length === 0) return null;
  return (
    <ul className="chip-row" aria-label="Filters that are on">
      {chips.map((chip) => (
        <li key={chip.key} className="chip">
          <span className="max-w-48 truncate">{chip.text}</span>
          <AriaButton
            className="chip-remove"
            aria-label={`Remove the filter ${chip.text}`}
            onPress={() => nav.change(chip.without)}
          >
            <X size={13} aria-hidden />
          </AriaButton>
        </li>
      ))}
    </ul>
  );
}

export function ClearFilters({ nav }: { readonly nav: LibraryNav }) {
  if (!isFiltering(nav.address)) return null;
  return (
    <Button small tone="quiet" onPress={() => nav.change(DROP_FILTERS)}>
      Clear
    </Button>
  );
}

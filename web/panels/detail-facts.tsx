import { Copy } from 'lucide-react';
import type { ReactNode } from 'react';
import type { AssetDetail } from '../../client/index.ts';
import { useLibraryNav } from '../data/nav.ts';
import { SOURCE_WORDS, STATE_WORDS } from '../data/words.ts';
import { formatBytes, formatDateTime, formatDuration, formatShare, plural } from '../i18n/format.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { copyText } from './detail-copy.ts';
import { WEIGHT_GROUPS, byteFacts, factGroups, sizeUnit, wordFacts } from './detail-fact-words.ts';
import type { FactLine } from './detail-fact-words.ts';

export interface Fact {
  readonly label: string;
  readonly value: ReactNode;
}

/** What is known of an asset, in the order of interest; unknown facts are said to be unknown where they apply. */
export function factsOf(asset: AssetDetail): Fact[] {
  const facts: Fact[] = [
    { label: 'File name', value: asset.fileName },
    { label: 'Size', value: sizeText(asset) },
    { label: 'MIME type', value: asset.mime },
    { label: 'Source', value: SOURCE_WORDS[asset.source] },
    ...originOf(asset),
    {
      label: 'Used in',
      value: asset.usageCount === 0 ? 'No production yet' : plural(asset.usageCount, 'production'),
    },
    { label: 'Created', value: `${formatDateTime(asset.createdAt)} by ${asset.createdBy}` },
  ];
  if (asset.updatedAt !== asset.createdAt)
    facts.push({ label: 'Changed', value: formatDateTime(asset.updatedAt) });
  if (asset.width !== null && asset.height !== null) {
    facts.push({ label: 'Dimensions', value: `${asset.width} × ${asset.height} ${sizeUnit(asset.facts)}` });
  }
  if (asset.duration !== null) facts.push({ label: 'Duration', value: formatDuration(asset.duration) });
  if (asset.transparent !== null)
    facts.push({ label: 'Transparent', value: asset.transparent ? 'Yes' : 'No' });
  facts.push(...byteFacts(asset.facts));
  if (asset.state !== 'ready') facts.push({ label: 'State', value: STATE_WORDS[asset.state] });
  return facts;
}

/** Where the server fetched it from; the address comes from the server, which reads http and https only. */
function originOf({ provenance }: AssetDetail): Fact[] {
  const from = provenance['source']?.who ?? '';
  if (!/^https?:\/\//.test(from)) return [];
  const link = (
    <a href={from} target="_blank" rel="noreferrer noopener" className="break-all underline">
      {from}
    </a>
  );
  return [{ label: 'Fetched from', value: link }];
}

function sizeText({ size, totalSize, versionCount }: AssetDetail): string {
  return versionCount > 1
    ? `${formatBytes(size)}; ${formatBytes(totalSize)} with all ${versionCount} versions`
    : formatBytes(size);
}

export function DetailFacts({ asset }: { readonly asset: AssetDetail }) {
  // Of weights these have a part of their own.
  const isWeights = asset.mediaType === 'weights';
  const groups = factGroups(asset.facts).filter(({ title }) => !isWeights || !WEIGHT_GROUPS.has(title));
  return (
    <>
      <dl className="grid grid-cols-[88px_1fr] gap-x-3 gap-y-1">
        {factsOf(asset).map(({ label, value }) => (
          <div key={label} className="contents">
            <dt className="text-muted">{label}</dt>
            <dd className="min-w-0 break-words">{value}</dd>
          </div>
        ))}
        {asset.palette.length === 0 ? null : (
          <>
            <dt className="text-muted">Colours</dt>
            <dd>
              <Swatches palette={asset.palette} />
            </dd>
          </>
        )}
        <dt className="self-center text-muted">sha256</dt>
        <dd className="flex min-w-0 items-center">
          <code className="truncate text-label" title={asset.sha256}>
            {asset.sha256}
          </code>
          <IconButton small label="Copy sha256" onPress={() => void copyText(asset.sha256, 'The sha256')}>
            <Copy size={14} aria-hidden />
          </IconButton>
        </dd>
      </dl>
      {groups.map(({ title, lines }) => (
        <section key={title} aria-label={title}>
          <h4 className="mt-3 mb-1 font-semibold">{title}</h4>
          <FactList lines={lines} />
        </section>
      ))}
      {isWeights
        ? null
        : wordFacts(asset.facts).map(({ title, words }) => <Words key={title} title={title} words={words} />)}
    </>
  );
}

export function FactList({ lines }: { readonly lines: readonly FactLine[] }) {
  return (
    <dl className="grid grid-cols-[88px_1fr] gap-x-3 gap-y-1">
      {lines.map(({ label, value }) => (
        <div key={label} className="contents">
          <dt className="text-muted">{label}</dt>
          <dd className="min-w-0 break-words">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Words of the file itself; a press copies one, so that it goes straight into a prompt. */
export function Words({ title, words }: { readonly title: string; readonly words: readonly string[] }) {
  return (
    <section aria-label={title}>
      <h4 className="mt-3 mb-1 flex items-center justify-between font-semibold">
        {title}
        <Button small tone="quiet" onPress={() => void copyText(words.join(', '), title)}>
          Copy all
        </Button>
      </h4>
      <ul className="flex flex-wrap gap-1">
        {words.map((word) => (
          <li key={word} className="min-w-0">
            <Button
              small
              className="max-w-full"
              aria-label={`Copy ${word}`}
              onPress={() => void copyText(word, `“${word}”`)}
            >
              <span className="truncate">{word}</span>
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** A press shows what else has the colour. */
function Swatches({ palette }: { readonly palette: AssetDetail['palette'] }) {
  const { change } = useLibraryNav();
  return (
    <ul className="flex flex-wrap gap-1">
      {palette.map(({ hex, share, name }) => {
        const label = [`${name} ${hex}`, formatShare(share, 1)].filter(Boolean).join(', ');
        return (
          <li key={hex}>
            <button
              type="button"
              title={`Show all with this colour: ${label}`}
              aria-label={`Show all with the colour ${label}`}
              onClick={() => change({ colour: hex })}
              className="block size-6 rounded-sm border border-edge max-md:size-9"
              style={{ backgroundColor: hex }}
            />
          </li>
        );
      })}
    </ul>
  );
}

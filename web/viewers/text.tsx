import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import { explain } from '../data/client.ts';
import { formatBytes, formatCount } from '../i18n/format.ts';
import { Button } from '../ui/button.tsx';
import { readJson } from './json-read.ts';
import type { Viewable } from './kind.ts';
import { readMarkdown } from './markdown-read.ts';
import { JsonTree } from './text-json.tsx';
import { Markdown } from './text-markdown.tsx';
import { MOST_ROWS, readTable } from './text-read.ts';
import { TextTable } from './text-table.tsx';
import './text.css';

/** Bytes that are fetched; more than anybody reads in a panel. */
const FIRST = 256 * 1024;

/** The first part of a text, laid out by what it is. Nothing in it is ever taken for markup of the page. */
export function TextView({ asset }: { readonly asset: Viewable }) {
  const query = useQuery({
    queryKey: ['text', asset.file],
    queryFn: ({ signal }) => readFirst(asset.file, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (query.isError) {
    return (
      <div role="alert" className="flex size-full flex-col items-center justify-center gap-2 p-4 text-bad">
        {explain(query.error)}
        <Button small onPress={() => void query.refetch()}>
          Try again
        </Button>
      </div>
    );
  }
  if (query.data === undefined) return <p className="p-4 text-muted">Reading …</p>;
  return <Read asset={asset} {...query.data} />;
}

interface First {
  readonly text: string;
  readonly isCut: boolean;
}

function Read({ asset, text, isCut }: First & { readonly asset: Viewable }) {
  const [asWritten, setAsWritten] = useState(false);
  const laidOut = useMemo(() => layOut(asset.mime, text), [asset.mime, text]);
  const notes = [
    text.trim() === '' ? 'The file holds no text.' : '',
    isCut
      ? `The first ${formatBytes(FIRST)}${asset.size === undefined ? '' : ` of ${formatBytes(asset.size)}`}; the download has all of it.`
      : '',
    !asWritten && laidOut?.isMore === true
      ? `The first ${formatCount(MOST_ROWS)} rows; the download has all of them.`
      : '',
  ].filter((note) => note !== '');
  return (
    <div className="flex size-full flex-col bg-panel" role="region" aria-label={`Text of ${asset.name}`}>
      <div className="min-h-0 flex-1 overflow-auto p-4" tabIndex={0}>
        {laidOut === null || asWritten ? (
          <pre className="max-w-[88ch] font-mono break-words whitespace-pre-wrap" dir="auto">
            {text}
          </pre>
        ) : (
          laidOut.view
        )}
      </div>
      {laidOut === null && notes.length === 0 ? null : (
        <div className="flex min-h-9 items-center gap-3 border-t border-line px-4 py-1">
          <p className="min-w-0 flex-1 text-label text-muted">{notes.join(' ')}</p>
          {laidOut === null ? null : (
            <Button
              small
              tone="quiet"
              aria-pressed={asWritten}
              onPress={() => setAsWritten(!asWritten)}
              className="shrink-0"
            >
              As written
            </Button>
          )}
        </div>
      )}
    </div>
  );
}

interface LaidOut {
  readonly view: ReactNode;
  /** Rows were left out. */
  readonly isMore?: boolean;
}

/** Null for a text that is best read as it is. */
function layOut(mime: string, text: string): LaidOut | null {
  if (text.trim() === '') return null;
  if (mime === 'text/markdown') return { view: <Markdown blocks={readMarkdown(text)} /> };
  if (mime === 'application/json') {
    const json = readJson(text);
    return json === null ? null : { view: <JsonTree root={json} /> };
  }
  if (mime !== 'text/csv' && mime !== 'text/tab-separated-values') return null;
  const rows = readTable(text);
  if (rows === null) return null;
  return {
    view: <TextTable rows={rows.slice(0, MOST_ROWS)} />,
    isMore: rows.length > MOST_ROWS,
  };
}

async function readFirst(address: string, signal: AbortSignal): Promise<First> {
  const answer = await fetch(address, { headers: { range: `bytes=0-${FIRST - 1}` }, signal });
  // Of nothing there is no first part.
  if (answer.status === 416) return { text: '', isCut: false };
  if (!answer.ok) throw new Error('The file cannot be read at the moment. Try again, or download it.');
  const bytes = new Uint8Array(await answer.arrayBuffer());
  const whole = Number(/\/(\d+)$/.exec(answer.headers.get('content-range') ?? '')?.[1] ?? bytes.length);
  const isCut = whole > bytes.length;
  return { text: decode(bytes, isCut), isCut };
}

/** As the server reads it for search: by its mark, else UTF-8, else the old western letters. */
function decode(bytes: Uint8Array, isCut: boolean): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: isCut });
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

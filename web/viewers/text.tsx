import { useQuery } from '@tanstack/react-query';
import { explain } from '../data/client.ts';
import { formatBytes } from '../i18n/format.ts';
import type { Viewable } from './kind.ts';
import { readTable, tidyJson } from './text-read.ts';

/** Bytes that are fetched; more than anybody reads in a panel. */
const FIRST = 64 * 1024;

/** The first part of a text, as text: nothing in it is ever taken for markup. */
export function TextView({ asset }: { readonly asset: Viewable }) {
  const query = useQuery({
    queryKey: ['text', asset.file],
    queryFn: ({ signal }) => readFirst(asset.file, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (query.isError) return <p className="p-4 text-bad">{explain(query.error)}</p>;
  if (query.data === undefined) return <p className="p-4 text-muted">Reading …</p>;
  const { text, isCut } = query.data;
  const table =
    asset.mime === 'text/csv' || asset.mime === 'text/tab-separated-values' ? readTable(text) : null;
  return (
    <div className="flex size-full flex-col bg-panel" role="region" aria-label={`Text of ${asset.name}`}>
      <div className="min-h-0 flex-1 overflow-auto p-4" tabIndex={0}>
        {table === null ? (
          <pre className="text-body whitespace-pre-wrap break-words" dir="auto">
            {asset.mime === 'application/json' && !isCut ? tidyJson(text) : text}
          </pre>
        ) : (
          <Table rows={table} />
        )}
      </div>
      {isCut ? (
        <p className="border-t border-line px-4 py-1.5 text-label text-muted">
          The first {formatBytes(FIRST)}
          {asset.size === undefined ? '' : ` of ${formatBytes(asset.size)}`}; the download has all of it.
        </p>
      ) : null}
    </div>
  );
}

async function readFirst(address: string, signal: AbortSignal): Promise<{ text: string; isCut: boolean }> {
  const answer = await fetch(address, { headers: { range: `bytes=0-${FIRST - 1}` }, signal });
  if (!answer.ok) throw new Error('The file cannot be read at the moment. Try again, or download it.');
  const bytes = new Uint8Array(await answer.arrayBuffer());
  const whole = Number(/\/(\d+)$/.exec(answer.headers.get('content-range') ?? '')?.[1] ?? bytes.length);
  const isCut = whole > bytes.length;
  const wide = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8';
  const text = new TextDecoder(wide).decode(bytes, { stream: isCut });
  return { text, isCut };
}

function Table({ rows }: { readonly rows: readonly (readonly string[])[] }) {
  const [head, ...body] = rows;
  return (
    <table className="border-collapse text-left">
      <thead>
        <tr>
          {(head ?? []).map((cell, at) => (
            <th key={at} className="sticky top-0 border-b border-edge bg-panel px-2 py-1 font-semibold">
              {cell}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {body.map((row, line) => (
          <tr key={line}>
            {row.map((cell, at) => (
              <td key={at} className="border-b border-line px-2 py-1 align-top">
                {cell}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

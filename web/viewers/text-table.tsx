import { isFigures } from './text-read.ts';

/** A table of values under the names of its columns, which stay in sight. */
export function TextTable({ rows }: { readonly rows: readonly (readonly string[])[] }) {
  const [head = [], ...body] = rows;
  const figures = head.map((_, column) => isFigures(body, column));
  const side = (column: number) => (figures[column] === true ? 'text-right' : 'text-left');
  return (
    <table className="text-table">
      <thead>
        <tr>
          {head.map((cell, column) => (
            <th key={column} scope="col" className={side(column)}>
              {cell}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {body.map((row, line) => (
          <tr key={line}>
            {row.map((cell, column) => (
              <td key={column} className={side(column)} dir="auto">
                {cell}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

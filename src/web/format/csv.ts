import { stringify } from 'csv-stringify/sync'
import type { Cell } from './spreadsheet-cell.ts'

/** Quoted, so that a semicolon in a text does not split it. */
export function asCsv(records: Cell[][]): string {
  return stringify(records, {
    quoted_string: true,
    quoted_empty: false,
    record_delimiter: 'windows',
    escape_formulas: true,
    cast: { object },
  })
}

/** What was no string before is not quoted. To answer with options costs as much as all the rest of a row. */
function object(cell: object) {
  const { bare } = cell as { bare: string }
  return bare.startsWith('-') ? { value: bare, quoted_string: false, escape_formulas: false } : bare
}

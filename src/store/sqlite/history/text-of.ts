/** SQLite keeps what it is given, whatever the type of the column. */
export function textOf(value: unknown): string | null {
  return value === null || typeof value === 'string' ? value : String(value)
}

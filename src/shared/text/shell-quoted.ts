export function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}

export type Attributes = Record<string, string | boolean | undefined>

/** Attributes of an element, escaped. What is undefined, false or empty is left out. */
export function attributes(all: Attributes): string {
  return Object.entries(all)
    .map(([name, value]) => (value === true ? ` ${name}` : value ? ` ${name}="${escaped(value)}"` : ''))
    .join('')
}

function escaped(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

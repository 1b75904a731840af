/** What a JSON text says, in one way of writing it: without spaces, members sorted, digits and strings exact. */
export function meaningOf(text: string): string {
  return write(
    JSON.parse(text, (_name, value, context?: { source?: string }) =>
      typeof value === 'number' ? { [rawNumber]: context!.source } : value,
    ),
  )
}

const rawNumber = Symbol('number')

function write(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(write).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (rawNumber in value) return String(value[rawNumber])
  const members = Object.entries(value).map(([name, member]) => `${JSON.stringify(name)}:${write(member)}`)
  return `{${members.sort().join(',')}}`
}

const layout = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:?\d\d)?$/

/** Milliseconds since 1970, or NaN. */
export function fromDatetime(text: unknown): number {
  const parts = layout.exec(String(text).trim())
  if (!parts) return Number.NaN
  const [, day, time, fraction = '', zone = 'Z'] = parts
  return Date.parse(`${day}T${time}.${fraction.padEnd(3, '0').slice(0, 3)}${zone}`)
}

/** A moment as the Python program writes it: naive UTC with microseconds, `2026-11-22 16:14:30.057000`. */
export function toDatetime(at: number): string {
  return `${new Date(at).toISOString().slice(0, 23).replace('T', ' ')}000`
}

const layout = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:?\d\d)?$/

/** Milliseconds of a moment in the database, or NaN. Reads what older rows hold too: `T`, no fraction, a zone. */
export function fromDatetime(text: unknown): number {
  const parts = layout.exec(String(text).trim())
  if (!parts) return Number.NaN
  const [, day, time, fraction = '', zone = 'Z'] = parts
  return Date.parse(`${day}T${time}.${fraction.padEnd(3, '0').slice(0, 3)}${zone}`)
}

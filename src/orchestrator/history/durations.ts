import { daySeconds, hourSeconds } from '../../shared/time/durations.ts'

const number = String.raw`(\d+(?:\.\d+)?)`
const plain = new RegExp(`^${number}$`)
const units = new RegExp(`^(?:${number} ?d)? ?(?:${number} ?h)? ?(?:${number} ?m(?:in)?)? ?(?:${number} ?s(?:ec)?)?$`)
const maxSeconds = 1e9

/** Seconds of `90`, `2.5s`, `5m`, `1h30m`, `1d 2h`, to the millisecond; undefined for other text. */
export function readDuration(text: string): number | undefined {
  const written = text.trim().toLowerCase()
  const [, seconds] = plain.exec(written) ?? []
  const parts = seconds === undefined ? units.exec(written)?.slice(1) : [undefined, undefined, undefined, seconds]
  if (!parts || written === '') return undefined
  const [days, hours, minutes, rest] = parts.map((part) => Number(part ?? 0)) as [number, number, number, number]
  const sum = Math.round((days * daySeconds + hours * hourSeconds + minutes * 60 + rest) * 1000) / 1000
  return sum <= maxSeconds ? sum : undefined
}

/** `1h30m`; a plain number below a minute, or with a fraction. */
export function writeDuration(seconds: number): string {
  if (!Number.isInteger(seconds) || seconds < 60) return String(Math.round(seconds * 1000) / 1000)
  const parts = [
    [Math.floor(seconds / daySeconds), 'd'],
    [Math.floor(seconds / 3600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'm'],
    [seconds % 60, 's'],
  ] as const
  return parts.map(([count, unit]) => (count === 0 ? '' : `${count}${unit}`)).join('')
}

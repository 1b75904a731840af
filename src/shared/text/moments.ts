import { dayMs } from '../time/durations.ts'

const moment = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(?::(\d\d)(?:\.(\d{1,3}))?)?Z?)?$/

/** UTC (`2026-11-20`, `2026-11-20T10:00`, `2026-11-20 10:00:30.250Z`), or undefined. As an end, a day is included. */
export function readMoment(text: string, isEnd = false): number | undefined {
  const [, date, time, seconds = '00', fraction = ''] = moment.exec(text.trim()) ?? []
  if (date === undefined) return undefined
  const at = Date.parse(`${date}T${time ?? '00:00'}:${seconds}.${fraction.padEnd(3, '0')}Z`)
  if (Number.isNaN(at) || at < 0 || isoDay(at) !== date) return undefined
  return isEnd && time === undefined ? at + dayMs : at
}

/** The shortest text that `readMoment` reads as these milliseconds. */
export function writeMoment(at: number, isEnd = false): string {
  const whole = Math.max(0, Math.round(at))
  if (whole % dayMs === 0 && !(isEnd && whole === 0)) return isoDay(isEnd ? whole - dayMs : whole)
  const text = new Date(whole).toISOString().slice(0, -1)
  return text.replace(/(?::00)?\.000$/, '')
}

const isoDay = (at: number) => new Date(at).toISOString().slice(0, 10)

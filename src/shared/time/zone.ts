import { LRUCache } from 'lru-cache'
import { dayMs, minuteMs } from './durations.ts'

/** A time zone. Moments are ms since 1970; "local" is what the wall clock shows, as if that were UTC. */
export type Zone = {
  /** As the IANA calls it, such as `Asia/Kolkata`. */
  name: string
  local(at: number): number
  /** The first moment when the wall clock shows this or more. */
  momentOf(local: number): number
  startOfDay(at: number): number
  /** The start of the day of `at`, or of one some days later or earlier. A day has 23 to 25 hours. */
  startOfDay(at: number, daysLater?: number): number
  /** `CET`, or `GMT+5:45` where English has no word for it. */
  wordAt(at: number): string
}

/** Zones change at quarters of an hour. */
const quarterMs = 15 * minuteMs
const maxOffsets = 20_000
const maxZones = 100

export const utc: Zone = {
  name: 'UTC',
  local: (at) => at,
  momentOf: (local) => local,
  startOfDay: (at: number, daysLater: number = 0) => floorTo(at, dayMs) + daysLater * dayMs,
  wordAt: () => 'UTC',
}

const known = new LRUCache<string, { zone: Zone | undefined }>({ max: maxZones })

export function zoneNamed(name: string): Zone | undefined {
  const found = known.get(name)
  if (found) return found.zone
  const zone = isUtc(name) ? utc : createZone(name)
  known.set(name, { zone })
  return zone
}

const isUtc = (name: string) => ['UTC', 'Etc/UTC', 'Etc/GMT', 'GMT'].includes(name)

function createZone(name: string): Zone | undefined {
  const offsetText = formatOf(name, 'longOffset')
  if (!offsetText) return undefined
  const offsets = new LRUCache<number, number>({ max: maxOffsets })

  function offsetAt(at: number): number {
    const quarter = Math.floor(at / quarterMs)
    const remembered = offsets.get(quarter)
    if (remembered !== undefined) return remembered
    const offset = readOffset(offsetText!(quarter * quarterMs))
    offsets.set(quarter, offset)
    return offset
  }

  const local = (at: number) => at + offsetAt(at)

  function momentOf(shown: number): number {
    const [before, after] = [offsetAt(shown - dayMs), offsetAt(shown + dayMs)]
    const [early, late] = [shown - before, shown - after]
    // A time that the clock skips is the moment when it skips it.
    return offsetAt(early) !== before && offsetAt(late) === after ? late : early
  }

  return {
    name,
    local,
    momentOf,
    startOfDay: (at: number, daysLater: number = 0) => momentOf(floorTo(local(at), dayMs) + daysLater * dayMs),
    wordAt: (at) => wordOf(name, at),
  }
}

/** Each knows the words of its own part of the world. */
const languages = ['en-US', 'en-GB', 'en-AU', 'en-IN', 'en-ZA', 'en-NZ']

function wordOf(name: string, at: number): string {
  const words = languages.map((language) => formatOf(name, 'short', language)!(at))
  return words.find((word) => !/^(GMT|UTC)[+-]/.test(word)) ?? words[0]!
}

const formats = new LRUCache<string, { format: ((at: number) => string) | undefined }>({ max: 8 * maxZones })

function formatOf(timeZone: string, timeZoneName: 'short' | 'longOffset', language = 'en-US') {
  const key = `${language} ${timeZoneName} ${timeZone}`
  const found = formats.get(key)
  if (found) return found.format
  const format = createFormat(language, { timeZone, timeZoneName })
  formats.set(key, { format })
  return format
}

function createFormat(language: string, options: Intl.DateTimeFormatOptions) {
  try {
    const format = new Intl.DateTimeFormat(language, options)
    return (at: number) => format.formatToParts(at).find(({ type }) => type === 'timeZoneName')!.value
  } catch {
    return undefined
  }
}

function readOffset(text: string): number {
  const [, sign, hours = '0', minutes = '0'] = /([+-])(\d\d):(\d\d)/.exec(text) ?? []
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * minuteMs
}

const floorTo = (at: number, step: number) => Math.floor(at / step) * step

import { expect, test } from 'vitest'
import { dayMs, hourMs, minuteMs } from '../../../src/shared/time/durations.ts'
import { utc, type Zone, zoneNamed } from '../../../src/shared/time/zone.ts'

const named = (name: string): Zone => zoneNamed(name)!
const at = (iso: string) => Date.parse(iso)
const iso = (moment: number) => new Date(moment).toISOString().slice(0, 16)

test.each([
  ['Asia/Kolkata', '2026-11-22T00:00Z', '2026-11-22T05:30', '2026-11-21T18:30'],
  ['Asia/Kathmandu', '2026-11-22T18:14Z', '2026-11-22T23:59', '2026-11-21T18:15'],
  ['Asia/Kathmandu', '2026-11-22T18:15Z', '2026-11-23T00:00', '2026-11-22T18:15'],
  ['Australia/Lord_Howe', '2026-07-01T13:29Z', '2026-07-01T23:59', '2026-06-30T13:30'],
  ['Australia/Lord_Howe', '2026-12-01T13:00Z', '2026-12-02T00:00', '2026-12-01T13:00'],
  ['America/St_Johns', '2026-01-01T03:29Z', '2025-12-31T23:59', '2025-12-31T03:30'],
  ['Pacific/Kiritimati', '2026-11-22T10:00Z', '2026-11-23T00:00', '2026-11-22T10:00'],
  ['UTC', '2026-11-22T23:59Z', '2026-11-22T23:59', '2026-11-22T00:00'],
])('in %s it is at %s %s, on a day that began at %s', (name, moment, local, start) => {
  const zone = named(name)
  expect(iso(zone.local(at(moment)))).toBe(local)
  expect(iso(zone.startOfDay(at(moment)))).toBe(start)
  expect(zone.momentOf(zone.local(at(moment)))).toBe(at(moment))
})

test.each([
  ['Europe/Berlin', '2026-03-29T12:00Z', 23],
  ['Europe/Berlin', '2026-10-25T12:00Z', 25],
  ['Europe/Berlin', '2026-10-26T12:00Z', 24],
  ['Australia/Lord_Howe', '2026-10-04T02:00Z', 23.5],
  ['Australia/Lord_Howe', '2026-04-05T02:00Z', 24.5],
  // The clock goes forward, and back, at midnight.
  ['Africa/Cairo', '2026-04-24T12:00Z', 23],
  ['Africa/Cairo', '2026-10-29T12:00Z', 25],
  ['America/Havana', '2026-11-01T12:00Z', 25],
])('in %s the day of %s has %d hours', (name, moment, hours) => {
  const zone = named(name)
  const [start, end] = [zone.startOfDay(at(moment)), zone.startOfDay(at(moment), 1)]
  expect((end - start) / hourMs).toBe(hours)
  expect(zone.startOfDay(start)).toBe(start)
  expect(zone.startOfDay(end - 1)).toBe(start)
  expect(zone.startOfDay(end)).toBe(end)
  expect(zone.startOfDay(end, -1)).toBe(start)
})

test.each(['Europe/Berlin', 'Africa/Cairo', 'America/Havana', 'Australia/Lord_Howe', 'Asia/Kathmandu'])(
  'the days of a year in %s follow each other without a gap',
  (name) => {
    const zone = named(name)
    let start = zone.startOfDay(at('2026-01-01T12:00Z'))
    for (let day = 0; day < 365; day++) {
      const next = zone.startOfDay(start, 1)
      expect(next - start).toBeGreaterThanOrEqual(23 * hourMs)
      expect(next - start).toBeLessThanOrEqual(25 * hourMs)
      expect(zone.startOfDay(next - minuteMs)).toBe(start)
      start = next
    }
    expect(zone.local(start) % dayMs).toBe(0)
    expect(iso(zone.local(start))).toBe('2027-01-01T00:00')
  },
)

test('a time that the clock skips is when it skips it, and one that it shows twice is the first', () => {
  const zone = named('Europe/Berlin')
  expect(iso(zone.momentOf(at('2026-03-29T02:00Z')))).toBe('2026-03-29T01:00')
  expect(iso(zone.momentOf(at('2026-10-25T02:30Z')))).toBe('2026-10-25T00:30')
})

test('zones have the words that English has for them', () => {
  const [winter, summer] = [at('2026-01-15T12:00Z'), at('2026-07-15T12:00Z')]
  const words = (name: string) => [named(name).wordAt(winter), named(name).wordAt(summer)]
  expect(words('Europe/Berlin')).toEqual(['CET', 'CEST'])
  expect(words('America/New_York')).toEqual(['EST', 'EDT'])
  expect(words('Asia/Kolkata')).toEqual(['IST', 'IST'])
  expect(words('Australia/Sydney')).toEqual(['AEDT', 'AEST'])
  expect(words('Asia/Kathmandu')).toEqual(['GMT+5:45', 'GMT+5:45'])
})

test('UTC is one zone whatever it is called, and what is no zone is unknown', () => {
  expect(['UTC', 'Etc/UTC', 'GMT'].map(zoneNamed)).toEqual([utc, utc, utc])
  expect(['', 'Mars/Olympus', '../etc/passwd', 'UTC;'].map(zoneNamed)).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ])
})

// Keeps relative times current, in the words of src/web/format/times.ts. [data-lasting] is how long a state lasts,
// [data-running] how long a run has taken.

const units = [
  [86_400, 'd'],
  [3600, 'h'],
  [60, 'm'],
  [1, 's'],
]
const daySeconds = 86_400

function age(seconds) {
  const [size, unit] = units.find(([length]) => seconds >= length) ?? [1, 's']
  return `${Math.max(0, Math.floor(seconds / size))}${unit}`
}

const secondsSince = (iso) => Math.floor((Date.now() - Date.parse(iso)) / 1000)

const format = new Intl.DateTimeFormat('en-US', {
  timeZone: document.documentElement.dataset.zone,
  dateStyle: 'medium',
  timeStyle: 'short',
  hourCycle: 'h23',
})

/** The parts of a moment in the zone of the page, and the number of its day. */
function inZone(at) {
  const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]))
  const { day, month, year, hour, minute } = parts
  const number = Date.parse(`${day} ${month} ${year} UTC`) / 1000 / daySeconds
  return { date: `${day} ${month}`, year, clock: `${hour}:${minute}`, number }
}

/** `16:42`. */
export const clock = (at) => inZone(at).clock

export function relative(iso) {
  const seconds = secondsSince(iso)
  if (seconds < daySeconds) return seconds < 1 ? 'now' : `${age(seconds)} ago`
  const [then, now] = [inZone(Date.parse(iso)), inZone(Date.now())]
  if (then.number >= now.number - 1) return `Yesterday, ${then.clock}`
  return then.year === now.year ? `${then.date}, ${then.clock}` : `${then.date} ${then.year}`
}

function duration(seconds) {
  if (seconds < 60) return `${Math.max(0, seconds).toFixed(1)}s`
  const minutes = Math.floor(seconds / 60)
  return minutes < 60 ? `${minutes}m ${seconds % 60}s` : `${Math.floor(minutes / 60)}h ${minutes % 60}m`
}

/** Paper does not say when it was printed, so an age means nothing on it. */
function onPaper(iso) {
  const [{ date, clock, year }, now] = [inZone(Date.parse(iso)), inZone(Date.now())]
  return year === now.year ? `${date}, ${clock}` : `${date} ${year}`
}

function textOf({ dateTime, dataset }) {
  if (dataset.running !== undefined) return duration(secondsSince(dateTime))
  return dataset.lasting === undefined ? relative(dateTime) : age(secondsSince(dateTime))
}

function tick() {
  if (document.hidden) return
  for (const time of document.querySelectorAll('time[datetime]')) {
    const text = textOf(time)
    if (time.textContent !== text) time.textContent = text
  }
}

setInterval(tick, 1000)
// The printed time would be older than the shown one.
document.addEventListener('htmx:after:swap', tick)
document.addEventListener('visibilitychange', tick)
addEventListener('afterprint', tick)
addEventListener('beforeprint', () => {
  for (const time of document.querySelectorAll('time[datetime]:not([data-lasting], [data-running])')) {
    time.textContent = onPaper(time.dateTime)
  }
})

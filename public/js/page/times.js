// Keeps relative times current, in the words of src/web/format/times.ts. [data-lasting] is a duration.

const units = [
  [86_400, 'd'],
  [3600, 'h'],
  [60, 'm'],
  [1, 's'],
]
const monthSeconds = 30 * 86_400

function age(seconds) {
  const [size, unit] = units.find(([length]) => seconds >= length) ?? [1, 's']
  return `${Math.max(0, Math.floor(seconds / size))}${unit}`
}

const secondsSince = (iso) => Math.floor((Date.now() - Date.parse(iso)) / 1000)

export function relative(iso) {
  const seconds = secondsSince(iso)
  if (seconds > monthSeconds) return undefined
  return seconds < 1 ? 'now' : `${age(seconds)} ago`
}

function tick() {
  if (document.hidden) return
  for (const time of document.querySelectorAll('time[datetime]')) {
    const isLasting = time.dataset.lasting !== undefined
    const text = isLasting ? age(secondsSince(time.dateTime)) : relative(time.dateTime)
    if (text !== undefined && time.textContent !== text) time.textContent = text
  }
}

setInterval(tick, 1000)
// The printed time would be older than the shown one.
document.addEventListener('htmx:after:swap', tick)
document.addEventListener('visibilitychange', tick)

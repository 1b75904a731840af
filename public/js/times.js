// Relative times go on between two answers of the server; the same words as in presenters/format.ts.

const units = [
  [86_400, 'd'],
  [3600, 'h'],
  [60, 'm'],
  [1, 's'],
]
const monthSeconds = 30 * 86_400

function relative(iso) {
  const seconds = Math.floor((Date.now() - Date.parse(iso)) / 1000)
  if (seconds > monthSeconds) return undefined
  const [size, unit] = units.find(([length]) => seconds >= length) ?? []
  return size === undefined ? 'now' : `${Math.floor(seconds / size)}${unit} ago`
}

setInterval(() => {
  if (document.hidden) return
  for (const time of document.querySelectorAll('time[datetime]')) {
    const text = relative(time.dateTime)
    if (text !== undefined && time.textContent !== text) time.textContent = text
  }
}, 1000)

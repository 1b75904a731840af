// [data-elapsed] is how many seconds something had lasted when it was printed; [data-elapsed-text] in it says so, and
// [data-elapsed-bar] is a bar on a track of so many seconds. Both grow each second.

const read = new WeakMap()

/** In the words of src/web/format/times.ts. */
function duration(seconds) {
  if (seconds < 59.95) return `${seconds.toFixed(1)}s`
  const whole = Math.round(seconds)
  if (whole < 3600) return `${Math.floor(whole / 60)}m ${whole % 60}s`
  return `${Math.floor(whole / 3600)}h ${Math.floor((whole % 3600) / 60)}m`
}

function secondsOf(part) {
  const printed = part.dataset.elapsed
  if (read.get(part)?.printed !== printed) read.set(part, { printed, at: performance.now() })
  return Number(printed) + (performance.now() - read.get(part).at) / 1000
}

function tick() {
  if (document.hidden) return
  for (const part of document.querySelectorAll('[data-elapsed]')) {
    const seconds = secondsOf(part)
    for (const text of part.querySelectorAll('[data-elapsed-text]')) text.textContent = duration(seconds)
    for (const bar of part.querySelectorAll('[data-elapsed-bar]')) {
      bar.setAttribute('width', `${Math.min(100, (100 * seconds) / Number(bar.dataset.elapsedBar))}%`)
    }
  }
}

setInterval(tick, 1000)
document.addEventListener('htmx:after:swap', tick)

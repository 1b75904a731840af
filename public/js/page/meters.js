// [data-grows-since]: a bar of running work, which is full after [data-grows-to] seconds.

function grow() {
  if (document.hidden) return
  for (const { dataset, children } of document.querySelectorAll('[data-grows-since]')) {
    const seconds = (Date.now() - Date.parse(dataset.growsSince)) / 1000
    const done = [...children].find(({ classList }) => classList.contains('done'))
    done.setAttribute('width', `${Math.min(100, (100 * seconds) / dataset.growsTo)}%`)
  }
}

setInterval(grow, 1000)
document.addEventListener('htmx:after:swap', grow)
document.addEventListener('visibilitychange', grow)

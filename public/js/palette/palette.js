// #palette: opened by Ctrl or Cmd and K, or by [data-opens-palette]. The server lists what the typed text may mean; the
// focus stays in the field, and arrows choose from the list.

const palette = document.getElementById('palette')
const field = document.getElementById('palette-typed')
const said = document.getElementById('palette-said')
const isMac = /Mac|iPhone|iPad/.test(navigator.platform)

if (isMac) {
  for (const key of document.querySelectorAll('.control-key')) key.textContent = key.textContent.replace(/Ctrl ?/, '⌘')
}

export function openPalette() {
  if (document.querySelector('dialog[open]')) return
  field.value = ''
  palette.showModal()
  field.focus()
  window.htmx.trigger(field, 'look')
}

// It may be opened, and typed in, before htmx listens.
field.addEventListener('htmx:after:init', () => {
  if (palette.open) window.htmx.trigger(field, 'look')
})

document.addEventListener('keydown', (event) => {
  if (event.key.toLowerCase() !== 'k' || !(isMac ? event.metaKey : event.ctrlKey) || event.shiftKey || event.altKey)
    return
  event.preventDefault()
  if (palette.open) palette.close()
  else openPalette()
})

document.addEventListener('click', (event) => {
  if (!event.target.closest('[data-opens-palette]') || event.ctrlKey || event.metaKey || event.shiftKey) return
  event.preventDefault()
  openPalette()
})

const list = () => document.getElementById('palette-list')
const options = () => [...list().querySelectorAll('[role=option]')]
const chosen = () => list().querySelector('[aria-selected=true]')

function choose(option) {
  for (const one of options()) one.setAttribute('aria-selected', String(one === option))
  if (!option) return field.removeAttribute('aria-activedescendant')
  field.setAttribute('aria-activedescendant', option.id)
  option.scrollIntoView({ block: 'nearest' })
}

function move(step) {
  const all = options()
  const at = all.indexOf(chosen())
  choose(all[(at + step + all.length) % all.length])
}

function activate(option, isNewTab) {
  if (isNewTab && option?.href) window.open(option.href, '_blank', 'noopener')
  else option?.click()
}

// Enter may come before the answer to what was typed, or before an option of it is chosen: then it counts for that.
let waiting

field.addEventListener('keydown', (event) => {
  const steps = { ArrowDown: 1, ArrowUp: -1 }
  if (event.key in steps) {
    event.preventDefault()
    move(steps[event.key])
  } else if (event.key === 'Enter' && !event.isComposing) {
    event.preventDefault()
    const isNewTab = event.ctrlKey || event.metaKey
    if (list().dataset.typed === field.value && chosen()) activate(chosen(), isNewTab)
    else waiting = { isNewTab }
  }
})

field.addEventListener('input', () => {
  waiting = undefined
})

document.addEventListener('htmx:after:swap', ({ detail: { ctx } }) => {
  if (ctx.sourceElement !== field) return
  said.textContent = list().dataset.said ?? ''
  choose(options()[0])
  if (list().dataset.typed !== field.value) return window.htmx.trigger(field, 'look')
  if (!waiting) return
  const { isNewTab } = waiting
  waiting = undefined
  activate(chosen(), isNewTab)
})

palette.addEventListener('pointermove', ({ target }) => {
  const option = target.closest('[role=option]')
  if (option && option !== chosen()) choose(option)
})

// Before the option does what it does, which may be to open another dialog.
document.addEventListener(
  'click',
  (event) => {
    const isPlain = !event.ctrlKey && !event.metaKey && !event.shiftKey
    if (isPlain && event.target.closest('#palette [role=option]')) palette.close()
  },
  { capture: true },
)

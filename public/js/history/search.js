import { suggestionsFor } from './suggestions.js'

// [data-suggests=address]: a combobox that completes the word under the caret with fields from the address.

const fieldOf = (target) => (target.matches?.('[data-suggests]') ? target : undefined)
const listOf = (field) => document.getElementById(field.getAttribute('aria-controls'))
const known = new Map()
let chosen = -1

function fieldsFor({ dataset: { suggests } }) {
  if (!known.has(suggests)) {
    const asked = fetch(suggests, { headers: { accept: 'application/json' } })
    const fields = asked.then((answer) => (answer.ok ? answer.json() : [])).catch(() => [])
    known.set(suggests, fields)
  }
  return known.get(suggests)
}

const valuesOf = (form, name) => [...form.querySelectorAll(`input[name="${name}"]`)].map(({ value }) => value)

async function show(field, isAsked) {
  const fields = await fieldsFor(field)
  if (document.activeElement !== field) return
  const own = {
    status: [...document.querySelectorAll('[data-status]')].map(({ dataset }) => dataset.status).filter(Boolean),
    agent: valuesOf(field.form, 'agent').filter((id) => id[0] !== '/'),
  }
  const { start, end, options } = suggestionsFor(field.value, field.selectionStart, fields, own, isAsked)
  chosen = -1
  listOf(field).replaceChildren(...options.map((option, index) => optionElement(option, index, { start, end })))
  listOf(field).hidden = options.length === 0
  announce(field)
}

function optionElement({ text, completed, note }, index, { start, end }) {
  const element = document.createElement('li')
  element.role = 'option'
  element.id = `suggestion-${index}`
  Object.assign(element.dataset, { completed, start, end })
  element.append(Object.assign(document.createElement('code'), { textContent: text }))
  if (note) element.append(Object.assign(document.createElement('span'), { textContent: note, className: 'aside' }))
  return element
}

/** A refresh of the page resets these attributes. */
function announce(field) {
  const list = listOf(field)
  field.setAttribute('aria-expanded', String(!list.hidden))
  for (const [index, option] of [...list.children].entries()) option.ariaSelected = String(index === chosen)
  const active = list.hidden ? undefined : list.children[chosen]
  if (active) field.setAttribute('aria-activedescendant', active.id)
  else field.removeAttribute('aria-activedescendant')
  active?.scrollIntoView({ block: 'nearest' })
}

function hide(field) {
  listOf(field).hidden = true
  chosen = -1
  announce(field)
}

function complete(field, { dataset: { completed, start, end } }) {
  field.setRangeText(completed, Number(start), Number(end), 'end')
  show(field, false)
}

document.addEventListener('focusin', ({ target }) => {
  if (fieldOf(target)) fieldsFor(target)
})
document.addEventListener('input', ({ target }) => {
  if (fieldOf(target)) show(target, false)
})
document.addEventListener('focusout', ({ target }) => {
  if (fieldOf(target)) hide(target)
})
document.addEventListener('submit', ({ target }) => {
  const field = target.querySelector('[data-suggests]')
  if (field) hide(field)
})

document.addEventListener('keydown', (event) => {
  const field = fieldOf(event.target)
  if (!field || event.ctrlKey || event.metaKey || event.altKey) return
  const list = listOf(field)
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
  if (step !== undefined) {
    event.preventDefault()
    if (list.hidden) return show(field, true)
    const positions = list.children.length + 1
    chosen = ((chosen + 1 + step + positions) % positions) - 1
    announce(field)
  } else if (event.key === 'Enter' && !list.hidden && chosen >= 0) {
    event.preventDefault()
    complete(field, list.children[chosen])
  } else if (event.key === 'Escape' && !list.hidden) {
    event.preventDefault()
    hide(field)
  }
})

// The field keeps the focus.
document.addEventListener('pointerdown', (event) => {
  const option = event.target.closest?.('[data-completed]')
  if (!option) return
  event.preventDefault()
  complete(document.querySelector(`[aria-controls="${option.parentElement.id}"]`), option)
})

document.addEventListener('htmx:after:swap', () => {
  for (const field of document.querySelectorAll('[data-suggests]')) announce(field)
})

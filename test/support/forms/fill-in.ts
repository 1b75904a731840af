import type { FastifyInstance } from 'fastify'
import { pointerTo } from '../../../src/shared/fields/pointers.ts'
import { type ShownForm, sendForm, typed } from './execute-form.ts'

export type Value = string | number | boolean | null | Value[] | { [name: string]: Value }

/** Fills a field in as a person does: presses its buttons and types. Throws where only JSON would do. */
export async function fillIn(app: FastifyInstance, form: ShownForm, at: string, value: Value): Promise<ShownForm> {
  const press = (op: string, from = form) => sendForm(app, from.entries, op)
  const has = (op: string, from = form) =>
    from.html.querySelectorAll('button').some((one) => one.getAttribute('value') === op)
  const rows = (from: ShownForm) => from.entries.filter(([name]) => name === `r:${at}`).map(([, id]) => id)

  const isNull = form.entries.some(([name, mode]) => name === `m:${at}` && mode === 'null')
  if (value === null && isNull) return form
  if (value === null) return has(`null:${at}`) ? press(`null:${at}`) : type(form, at, 'null')
  if (has(`set:${at}`)) return fillIn(app, await press(`set:${at}`), at, value)
  if (has(`as:${at}/:0`)) {
    for (let index = 0; has(`as:${at}/:${index}`); index++) {
      const inner = `${at}/:${index}`
      const shown = await press(`as:${inner}`)
      const filled = await fillIn(app, shown, inner, value).catch(() => undefined)
      if (filled) return filled
    }
    throw new Error(`No kind of ${at} takes ${JSON.stringify(value)}.`)
  }
  const added = form.html.querySelectorAll('button').find((one) => one.getAttribute('value') === `add:${at}`)
  if (added && added.text.includes('entry') === Array.isArray(value)) throw new Error(`${at} is another kind.`)
  if (typeof value !== 'object') return type(form, at, value)
  if (Array.isArray(value)) {
    if (form.html.querySelectorAll('[data-pointer]').some((one) => one.getAttribute('data-pointer') === at)) {
      return { ...form, entries: typed(form.entries, { [`v:${at}`]: value.map(String) }) }
    }
    if (!has(`add:${at}`))
      return fillEach(
        app,
        form,
        value.map((one, index) => [`${at}/${index}`, one]),
      )
    let shown = form
    while (rows(shown).length > value.length) shown = await press(`remove:${at}/${rows(shown).at(-1)}`, shown)
    while (rows(shown).length < value.length) shown = await press(`add:${at}`, shown)
    return fillEach(
      app,
      shown,
      value.map((one, index) => [`${at}/${rows(shown)[index]}`, one]),
    )
  }
  const members = Object.entries(value)
  if (!has(`add:${at}`))
    return fillEach(
      app,
      form,
      members.map(([name, one]) => [pointerTo(at, name), one]),
    )
  let shown = form
  while (rows(shown).length > members.length) shown = await press(`remove:${at}/${rows(shown).at(-1)}`, shown)
  while (rows(shown).length < members.length) shown = await press(`add:${at}`, shown)
  const ids = rows(shown)
  const keys = members.map(([key], index) => [`k:${at}/${ids[index]}`, key])
  shown = { ...shown, entries: typed(shown.entries, Object.fromEntries(keys)) }
  return fillEach(
    app,
    shown,
    members.map(([, one], index) => [`${at}/${ids[index]}`, one]),
  )
}

async function fillEach(app: FastifyInstance, form: ShownForm, all: [at: string, value: Value][]): Promise<ShownForm> {
  let shown = form
  for (const [at, value] of all) shown = await fillIn(app, shown, at, value)
  return shown
}

/** Types a text, or chooses an option. */
function type(form: ShownForm, at: string, value: string | number | boolean): ShownForm {
  const name = `v:${at}`
  const controls = form.html
    .querySelectorAll('input, textarea, select')
    .filter((one) => one.getAttribute('name') === name)
  const [control] = controls
  if (!control || control.classList.contains('code')) throw new Error(`There is nothing to type into at ${at}.`)
  const options = [...controls, ...control.querySelectorAll('option')].map((one) => one.getAttribute('value'))
  const isChosen = control.tagName === 'SELECT' || ['radio', 'hidden'].includes(control.getAttribute('type') ?? '')
  const text = isChosen && value !== 'null' ? JSON.stringify(value) : String(value)
  if (isChosen && !options.includes(text)) throw new Error(`${text} is no option at ${at}.`)
  const isNumber =
    control.hasAttribute('inputmode') && ['numeric', 'decimal'].includes(control.getAttribute('inputmode')!)
  if (!isChosen && (typeof value === 'boolean' || isNumber !== (typeof value === 'number')))
    throw new Error(`${at} does not take ${text}.`)
  return { ...form, entries: typed(form.entries, { [name]: text }) }
}

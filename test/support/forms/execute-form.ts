import type { FastifyInstance } from 'fastify'
import { type HTMLElement, parse } from 'node-html-parser'

const asHtmx = { 'hx-request': 'true', 'hx-request-type': 'partial', accept: 'text/html' }
const formEncoded = { 'content-type': 'application/x-www-form-urlencoded' }

export type Entries = [name: string, value: string][]

/** An answer with the execute form in it, as a browser has it before anything is typed. */
export type ShownForm = {
  status: number
  headers: Record<string, unknown>
  html: HTMLElement
  payload: string
  /** What the browser would send now. */
  entries: Entries
}

/** The execute form of an agent, as htmx gets it. */
export async function openForm(app: FastifyInstance, query: Record<string, string> = {}, id = 'writer') {
  const url = `/orchestrator/${encodeURIComponent(id)}/execute?${new URLSearchParams(query)}`
  return shownForm(await app.inject({ url, headers: asHtmx }))
}

/** Sends what stands in a form, by the button `op` of it or, without one, to execute it. */
export async function sendForm(app: FastifyInstance, entries: Entries, op?: string, id = 'writer') {
  const pressed: Entries = op === undefined ? [] : [['op', op]]
  // Browsers make every line break CR LF.
  const sent = [...entries, ...pressed].map(([name, value]) => [name, value.replace(/\r\n|\r|\n/g, '\r\n')])
  const payload = new URLSearchParams(sent as Entries).toString()
  const url = `/orchestrator/${encodeURIComponent(id)}/execute`
  return shownForm(await app.inject({ method: 'POST', url, headers: { ...asHtmx, ...formEncoded }, payload }))
}

/** Entries after typing into these controls. */
export function typed(entries: Entries, changes: Record<string, string | string[]>): Entries {
  const added = Object.entries(changes).flatMap(([name, values]) =>
    [values].flat().map((value): [string, string] => [name, value]),
  )
  return [...entries.filter(([name]) => !Object.hasOwn(changes, name)), ...added]
}

/** The id of the run that an answer leads to. */
export function runIdOf({ headers }: Pick<ShownForm, 'headers'>): string {
  return String(headers['hx-redirect']).slice('/runs/'.length)
}

/** The errors and notices that stand in a form, and the fields of the errors. */
export function saidIn({ html }: Pick<ShownForm, 'html'>): string[] {
  return html
    .querySelectorAll('.error, .notice')
    .map((one) => [one.closest('.field')?.querySelector('.label .name, .label label')?.text.trim(), words(one)])
    .map(([field, text]) => (field === undefined ? text! : `${field}: ${text}`))
}

/** The field of an input, by its name. */
export function fieldOf({ html }: Pick<ShownForm, 'html'>, name: string): HTMLElement {
  const labels = html.querySelectorAll('.label .name, .label label')
  const label = labels.find((one) => one.text.trim() === name)
  if (!label) throw new Error(`There is no field "${name}".`)
  return label.closest('.field')!
}

/** What the form says and offers at an input, in words. */
export function words(element: HTMLElement): string {
  return element.text.replace(/\s+/g, ' ').trim()
}

function shownForm(response: { statusCode: number; headers: Record<string, unknown>; payload: string }): ShownForm {
  const { statusCode: status, headers, payload } = response
  // HTML knows one line break only.
  const html = parse(payload.replace(/\r\n?/g, '\n'), { blockTextElements: { script: true, style: true } })
  const form = html.querySelector('form#execute')
  return { status, headers, html, payload, entries: form ? entriesOf(form) : [] }
}

function entriesOf(form: HTMLElement): Entries {
  return form.querySelectorAll('input, textarea, select').flatMap((control): Entries => {
    const name = control.getAttribute('name')!
    if (control.tagName === 'SELECT') {
      const options = control.querySelectorAll('option')
      const chosen = options.find((option) => option.hasAttribute('selected')) ?? options[0]
      return chosen ? [[name, chosen.getAttribute('value')!]] : []
    }
    // HTML drops the first line break of a textarea.
    if (control.tagName === 'TEXTAREA') return [[name, control.text.replace(/^\n/, '')]]
    const isLeftOut = control.getAttribute('type') === 'radio' && !control.hasAttribute('checked')
    return isLeftOut ? [] : [[name, control.getAttribute('value') ?? '']]
  })
}

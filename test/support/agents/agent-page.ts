import type { HTMLElement } from 'node-html-parser'
import type { Answer } from '../app.ts'
import { withAgent } from '../runs/executed.ts'
import { historyIn } from './agent-history.ts'

/** A dashboard with an agent that is checked, on a clock that stands still. */
export async function withCheckedAgent(...given: Parameters<typeof withAgent>) {
  const found = await withAgent(...given)
  found.app.orchestrator.start()
  return { ...found, history: historyIn(found.app) }
}

export const trimmed = (text: string) => text.replace(/\s+/g, ' ').trim()
export const spaced = (element: HTMLElement) => trimmed(element.innerHTML.replace(/<[^>]*>/g, ' '))
export const rows = ({ html }: Answer, table: string) =>
  html
    .querySelectorAll(`${table} tbody tr`)
    .map((row) => row.querySelectorAll('td').map((cell) => trimmed(cell.textContent)))
export const state = ({ html }: Answer) => trimmed(html.querySelector('#agent-state')!.textContent)
export const section = ({ html }: Answer, title: string) =>
  html.querySelectorAll('section').find((one) => one.querySelector('h2')?.text.startsWith(title))!

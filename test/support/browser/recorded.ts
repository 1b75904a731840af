import { appendFileSync } from 'node:fs'
import type { BrowserContext } from 'playwright-core'

/** A control of a page, by where its tag is in `views`. */
export type Recorded = { what: 'shown' | 'pressed' | 'hidden'; from: string }

const told = new Set<string>()

/** For `npm run test:controls`, which marks each control of a template: writes down which are shown, and which are pressed. */
export async function recordControls(context: BrowserContext): Promise<void> {
  const { RECORDED_CONTROLS: file } = process.env
  if (!file) return
  await context.exposeBinding('tellControl', (_, line: string) => {
    if (told.has(line)) return
    told.add(line)
    appendFileSync(file, `${line}\n`)
  })
  await context.addInitScript(record)
}

/** Runs in the page, before its own scripts. What a script does is no press: its events are not trusted. */
const record = `{
  const controls = 'a[href], button, summary, select, input:is([type=checkbox], [type=radio], [type=file]), [role=option]'
  const kept = new Set()
  const tell = (what, one) => {
    const line = JSON.stringify({ what, from: one.dataset.from ?? 'script' })
    if (kept.has(line)) return
    kept.add(line)
    window.tellControl(line)
  }
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes)
      for (const node of addedNodes) {
        if (node.nodeType !== 1) continue
        const all = [node, ...node.querySelectorAll('*')].filter((one) => one.matches(controls))
        for (const one of all) tell(one.closest('.no-js') ? 'hidden' : 'shown', one)
      }
  }).observe(document, { childList: true, subtree: true })
  for (const kind of ['click', 'change', 'pointerdown'])
    addEventListener(kind, ({ isTrusted, target }) => {
      const one = isTrusted && target.closest?.(controls)
      // What is chosen from a list is taken before the button is up.
      if (one && (kind !== 'pointerdown' || one.localName === 'li')) tell('pressed', one)
    }, true)
}`

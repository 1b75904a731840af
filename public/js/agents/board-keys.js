import { moveTo } from '../page/focus.js'
import { isForRows } from '../page/shortcuts.js'

// J and K move over the agents, Enter opens one, E executes it.

const rows = () => [...document.querySelectorAll('#agents tr[data-state]')]

const keys = {
  j: (row) => moveTo(rows(), row, 1),
  k: (row) => moveTo(rows(), row, -1),
  e: (row) => row?.querySelector('.exec')?.click(),
  Enter: (row) => row?.querySelector('.c-name a').click(),
}

document.addEventListener('keydown', (event) => {
  const key = keys[event.key]
  if (!key || !isForRows(event) || rows().length === 0) return
  const row = event.target.closest('#agents tr[data-state]')
  if (event.key === 'Enter' && event.target !== row) return
  event.preventDefault()
  key(row)
})

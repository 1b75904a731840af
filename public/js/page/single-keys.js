// #single-keys: whether keys without Ctrl, Alt or Cmd do something outside of fields. Kept in this browser.

import { keep, kept } from './kept.js'
import { isTyping } from './shortcuts.js'

const toggle = document.getElementById('single-keys')
const name = 'single-keys'
toggle.checked = kept(name) !== 'off'
toggle.addEventListener('change', () => keep(name, toggle.checked ? undefined : 'off'))

// Before whoever listens for such a key. What the browser itself does with it stays.
addEventListener(
  'keydown',
  (event) => {
    const isSingle = event.key.length === 1 && event.key !== ' ' && !event.ctrlKey && !event.metaKey && !event.altKey
    if (isSingle && !toggle.checked && !isTyping(event.target)) event.stopImmediatePropagation()
  },
  { capture: true },
)

// [data-theme-switch] goes from theme to theme, [data-theme-choice] to that one.

import { keep } from './kept.js'

const themes = ['system', 'light', 'dark']
const themeSwitch = document.querySelector('[data-theme-switch]')
const nameTheme = () => {
  const theme = document.documentElement.dataset.theme ?? 'system'
  const name = `${theme[0].toUpperCase()}${theme.slice(1)} theme`
  themeSwitch.title = name
  themeSwitch.ariaLabel = name
}
nameTheme()

function choose(theme) {
  const root = document.documentElement
  if (theme === 'system') delete root.dataset.theme
  else root.dataset.theme = theme
  keep('theme', theme === 'system' ? undefined : theme)
  nameTheme()
}

themeSwitch.addEventListener('click', () => {
  const shown = themes.indexOf(document.documentElement.dataset.theme ?? 'system')
  choose(themes[(shown + 1) % themes.length])
})

document.addEventListener('click', ({ target }) => {
  const choice = target.closest('[data-theme-choice]')
  if (choice) choose(choice.dataset.themeChoice)
})

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
themeSwitch.addEventListener('click', () => {
  const root = document.documentElement
  const next = themes[(themes.indexOf(root.dataset.theme ?? 'system') + 1) % themes.length]
  if (next === 'system') delete root.dataset.theme
  else root.dataset.theme = next
  keep('theme', next === 'system' ? undefined : next)
  nameTheme()
})

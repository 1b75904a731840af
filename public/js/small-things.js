// [data-toast] goes by itself. [data-copies=id] copies the text of an element, or with [data-copies-from] the whole of
// what stands at an address. [data-theme-switch] changes the colours.

const toastMs = 6000
new MutationObserver((changes) => {
  for (const { addedNodes } of changes) {
    for (const node of addedNodes) if (node.nodeType === 1) setTimeout(() => node.remove(), toastMs)
  }
}).observe(document.getElementById('toasts'), { childList: true })

document.addEventListener('click', async (event) => {
  const copier = event.target.closest('[data-copies]')
  if (!copier) return
  const { textContent: label } = copier
  try {
    const { copies, copiesFrom } = copier.dataset
    const text = copiesFrom ? await (await fetch(copiesFrom)).text() : document.getElementById(copies).textContent
    await navigator.clipboard.writeText(text)
    copier.textContent = 'Copied'
  } catch {
    copier.textContent = 'Not allowed'
  }
  setTimeout(() => {
    copier.textContent = label
  }, 1500)
})

const themes = ['system', 'light', 'dark']
const themeSwitch = document.querySelector('[data-theme-switch]')
const nameTheme = () => {
  const theme = document.documentElement.dataset.theme ?? 'system'
  themeSwitch.textContent = `${theme[0].toUpperCase()}${theme.slice(1)} theme`
}
nameTheme()
themeSwitch.addEventListener('click', () => {
  const root = document.documentElement
  const next = themes[(themes.indexOf(root.dataset.theme ?? 'system') + 1) % themes.length]
  if (next === 'system') {
    delete root.dataset.theme
    localStorage.removeItem('theme')
  } else {
    root.dataset.theme = next
    localStorage.setItem('theme', next)
  }
  nameTheme()
})

// Loaded before the first paint, and therefore not a module.
document.documentElement.dataset.js = ''
if (/^(Mac|iP)/.test(navigator.platform)) document.documentElement.dataset.os = 'mac'
try {
  const chosenTheme = localStorage.getItem('theme')
  if (chosenTheme === 'light' || chosenTheme === 'dark') document.documentElement.dataset.theme = chosenTheme
} catch {
  // Where cookies are blocked, naming the storage throws.
}

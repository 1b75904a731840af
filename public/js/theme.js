// Loaded before anything is painted, so that the page never flashes in the other colours. Not a module for that reason.
document.documentElement.dataset.js = ''
try {
  const chosenTheme = localStorage.getItem('theme')
  if (chosenTheme === 'light' || chosenTheme === 'dark') document.documentElement.dataset.theme = chosenTheme
} catch {
  // Where cookies are blocked, merely naming the storage throws.
}

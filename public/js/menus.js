// details.menu: closes when one presses beside it or goes on to another control, and with Escape, which gives the focus
// back to what opened it. Of those with the same name only one is open: the browser sees to that.

const openMenus = () => document.querySelectorAll('details.menu[open]')

document.addEventListener('pointerdown', ({ target }) => {
  for (const menu of openMenus()) if (!menu.contains(target)) menu.open = false
})

// Pressing words focuses the nearest element around them that can have the focus, such as main: that one is around the
// menu, not beside it.
document.addEventListener('focusin', ({ target }) => {
  for (const menu of openMenus()) if (!menu.contains(target) && !target.contains(menu)) menu.open = false
})

document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape' || event.defaultPrevented) return
  for (const menu of openMenus()) {
    if (menu.contains(document.activeElement)) menu.querySelector('summary').focus()
    menu.open = false
  }
})

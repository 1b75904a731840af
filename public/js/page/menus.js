// .menu-holder closes on Escape, a press or focus outside. The browser keeps one of a name open.

const openMenus = () => document.querySelectorAll(':is(details.menu, .menu-holder)[open]')

document.addEventListener('pointerdown', ({ target }) => {
  for (const menu of openMenus()) if (!menu.contains(target)) menu.open = false
})

// Pressing text focuses an element around the menu, such as main.
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

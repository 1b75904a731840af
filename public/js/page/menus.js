// .menu-holder closes on Escape, a press or focus outside. The browser keeps one of a name open. What opens with controls
// takes the focus.

const openMenus = () => document.querySelectorAll(':is(details.menu, .menu-holder)[open]')

document.addEventListener('pointerdown', ({ target }) => {
  for (const menu of openMenus()) if (!menu.contains(target)) menu.open = false
})

// Before the press does what it does: a dialog that it opens gives the focus back to the menu's button.
document.addEventListener(
  'click',
  ({ target }) => {
    const pressed = target.closest(
      '.menu-holder > .menu :is(a, button):not([data-copies-text]), .menu-holder > .panel a[data-opens-dialog]',
    )
    if (!pressed) return
    const menu = pressed.closest('.menu-holder')
    menu.querySelector('summary').focus()
    menu.open = false
  },
  { capture: true },
)

// Pressing text focuses an element around the menu, such as main.
document.addEventListener('focusin', ({ target }) => {
  for (const menu of openMenus()) if (!menu.contains(target) && !target.contains(menu)) menu.open = false
})

const firstControl = '.panel :is(a, button, select, textarea, input:not([type="hidden"]))'

document.addEventListener(
  'toggle',
  ({ target }) => {
    if (target.matches('.menu-holder[open]')) target.querySelector(firstControl)?.focus()
  },
  { capture: true },
)

document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape' || event.defaultPrevented) return
  for (const menu of openMenus()) {
    // The dialog around it stays open.
    if (menu.closest('dialog')) event.preventDefault()
    if (menu.contains(document.activeElement)) menu.querySelector('summary').focus()
    menu.open = false
  }
})

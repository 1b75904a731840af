// .cut: what an ellipsis hides is in the title, once it is pointed at.

document.addEventListener('pointerover', ({ target }) => {
  const words = target.closest?.('.cut:not([title])')
  if (words && words.scrollWidth > words.clientWidth) words.title = words.textContent
})

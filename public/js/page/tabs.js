// .tabs, .settings-side: on a narrow page the chosen one is scrolled to, again once the font has its widths.

const gap = 24

function showChosen() {
  for (const chosen of document.querySelectorAll('.tabs > .chosen, .settings-side > [aria-current]')) {
    const tabs = chosen.parentElement
    const end = chosen.offsetLeft - tabs.offsetLeft + chosen.offsetWidth + gap
    if (end > tabs.clientWidth) tabs.scrollLeft = end - tabs.clientWidth
  }
}

showChosen()
document.fonts.ready.then(showChosen)

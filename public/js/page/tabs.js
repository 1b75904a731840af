// .tabs, .settings-side: on a narrow page the chosen one is scrolled to.

const gap = 24

for (const chosen of document.querySelectorAll('.tabs > .chosen, .settings-side > [aria-current]')) {
  const tabs = chosen.parentElement
  const end = chosen.offsetLeft - tabs.offsetLeft + chosen.offsetWidth + gap
  if (end > tabs.clientWidth) tabs.scrollLeft = end - tabs.clientWidth
}

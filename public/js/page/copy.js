// [data-copies=id], or [data-copies-from=address]. Without a clipboard (plain HTTP) the text is shown, selected.

const dialog = document.getElementById('copy')
const labelMs = 1500

async function textOf({ copies, copiesFrom }) {
  if (!copiesFrom) return document.getElementById(copies).textContent
  const answer = await fetch(copiesFrom)
  if (!answer.ok) throw new Error(`Status ${answer.status}`)
  return answer.text()
}

async function copied(text) {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return false
  }
}

function showSelected(text) {
  const output = dialog.querySelector('pre')
  output.textContent = text
  dialog.showModal()
  output.focus()
  getSelection().selectAllChildren(output)
}

const labels = new WeakMap()

function label(button, text) {
  if (!labels.has(button)) labels.set(button, button.textContent)
  button.textContent = text
  setTimeout(() => {
    button.textContent = labels.get(button)
  }, labelMs)
}

document.addEventListener('click', async ({ target }) => {
  const button = target.closest('[data-copies]')
  if (!button) return
  try {
    const text = await textOf(button.dataset)
    if (await copied(text)) label(button, 'Copied')
    else showSelected(text)
  } catch {
    label(button, 'Failed')
  }
})

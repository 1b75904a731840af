// [data-copies=id], [data-copies-from=address], [data-copies-text], or [data-copies]: what stands in the element before.
// Without a clipboard (plain HTTP) the text is shown, selected.

const dialog = document.getElementById('copy')
const labelMs = 1500

async function textOf({ dataset: { copies, copiesFrom, copiesText }, previousElementSibling }) {
  if (copies === '') return previousElementSibling.title || previousElementSibling.textContent
  if (copiesText !== undefined) return copiesText
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

const ends = new WeakMap()

/** Of several presses the last one counts: what an earlier one began ends with it. */
function forAWhile(button, end) {
  clearTimeout(ends.get(button))
  ends.set(button, setTimeout(end, labelMs))
}

/** A button that is an icon shows a check mark for a while. */
function mark(button) {
  button.dataset.copied = ''
  forAWhile(button, () => delete button.dataset.copied)
}

const labels = new WeakMap()

function label(button, text) {
  if (!labels.has(button)) labels.set(button, button.textContent)
  button.textContent = text
  forAWhile(button, () => {
    button.textContent = labels.get(button)
  })
}

document.addEventListener('click', async ({ target }) => {
  const button = target.closest('[data-copies], [data-copies-from], [data-copies-text]')
  if (!button) return
  try {
    const text = await textOf(button)
    if (!(await copied(text))) showSelected(text)
    else if (button.matches('.copy')) mark(button)
    else label(button, 'Copied')
  } catch {
    label(button, 'Failed')
  }
})

// Drafts of this tab. Without storage they last as long as the page.

const inMemory = new Map()
const keyOf = (name) => `draft:${name}`

export function readDraft(name) {
  try {
    const kept = sessionStorage.getItem(keyOf(name))
    if (kept) return JSON.parse(kept)
  } catch {}
  return inMemory.get(name)
}

export function keepDraft(name, draft) {
  inMemory.set(name, draft)
  try {
    sessionStorage.setItem(keyOf(name), JSON.stringify(draft))
  } catch {
    drop(name)
  }
}

export function dropDraft(name) {
  inMemory.delete(name)
  drop(name)
}

function drop(name) {
  try {
    sessionStorage.removeItem(keyOf(name))
  } catch {}
}

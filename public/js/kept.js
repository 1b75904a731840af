// What this browser keeps for us. Where cookies are blocked, merely naming the storage throws: then nothing is kept.

export function keep(name, value) {
  try {
    if (value === undefined) localStorage.removeItem(name)
    else localStorage.setItem(name, value)
  } catch {}
}

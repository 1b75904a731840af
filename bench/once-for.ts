/** The same for the same text, made once: sample runs have few different ones. */
export function onceFor<Made>(make: (text: string | null) => Made): (text: string | null) => Made {
  const known = new Map<string | null, Made>()
  return (text) => {
    const made = known.get(text)
    if (made !== undefined) return made
    const fresh = make(text)
    known.set(text, fresh)
    return fresh
  }
}

/** Its parts as one text, which is made anew only when one of them has moved: it is asked for by each request. */
export function createRevision(...parts: (() => string | number)[]): () => string {
  const known: (string | number)[] = []
  let text = ''
  return () => {
    let hasMoved = false
    for (let at = 0; at < parts.length; at++) {
      const part = parts[at]!()
      if (part === known[at]) continue
      known[at] = part
      hasMoved = true
    }
    if (hasMoved) text = known.join('.')
    return text
  }
}

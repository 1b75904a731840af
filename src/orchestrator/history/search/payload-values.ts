/** In the order of the payload. A path continues in each item of a list, or, with an index, in that one. */
export function valuesAt(value: unknown, path: string[]): unknown[] {
  return path.reduce<unknown[]>(
    (values, name) => {
      const reached: unknown[] = []
      walk(values, (one) => {
        if (Array.isArray(one)) {
          if (/^\d+$/.test(name) && Number(name) < one.length) reached.push(one[Number(name)])
          return one
        }
        if (isObject(one) && Object.hasOwn(one, name)) reached.push(one[name])
        return []
      })
      return reached
    },
    [value],
  )
}

export function leavesOf(values: unknown[]): unknown[] {
  const leaves: unknown[] = []
  walk(values, (one) => {
    if (Array.isArray(one)) return one
    if (isObject(one) && !JSON.isRawJSON(one)) return Object.values(one)
    leaves.push(one)
    return []
  })
  return leaves
}

/** Without recursion: payloads can be nested without end. */
function walk(values: unknown[], inside: (value: unknown) => unknown[]): void {
  const waiting = [{ values, next: 0 }]
  for (let level = waiting.at(-1); level; level = waiting.at(-1)) {
    if (level.next === level.values.length) waiting.pop()
    else waiting.push({ values: inside(level.values[level.next++]), next: 0 })
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

/**
 * The values that a path leads to, in the order of the payload. Lists on the way are entered: the path goes on from
 * each item, or, where it names an index, from that one.
 */
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

/** The texts, numbers, booleans and nulls in values, however deep. */
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

/** Visits values and what `inside` says is in them, in order. Without recursion, as payloads can be nested for ever. */
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

type Members = Map<string, string>

const maxDepth = 10

/** Finds texts in a JSON document by pointers such as `#/$defs/Address`; `membersOf` reads every object once. */
export function createPointerFinder(
  root: string,
  membersOf: (text: string) => Members | undefined,
): (pointer: string) => string | undefined {
  const known = new Map<string, Members | undefined>()

  function membersAt(pointer: string): Members | undefined {
    if (!known.has(pointer)) known.set(pointer, membersOf((pointer === '#' ? root : textAt(pointer)) ?? ''))
    return known.get(pointer)
  }

  function textAt(pointer: string): string | undefined {
    const at = pointer.lastIndexOf('/')
    return at < 1 ? undefined : membersAt(pointer.slice(0, at))?.get(unescaped(pointer.slice(at + 1)))
  }

  return (pointer) => (pointer.split('/').length > maxDepth ? undefined : textAt(pointer))
}

function unescaped(step: string): string {
  try {
    return decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~')
  } catch {
    return step
  }
}

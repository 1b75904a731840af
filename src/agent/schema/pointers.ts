type Members = Map<string, string>

/** Deeper places are not looked for. */
const deepest = 10

/**
 * Finds texts in a JSON document by pointers such as `#/$defs/Address`; every object on the way is read once, by
 * `membersOf`.
 */
export function createPlaces(
  root: string,
  membersOf: (text: string) => Members | undefined,
): (place: string) => string | undefined {
  const known = new Map<string, Members | undefined>()

  function membersAt(place: string): Members | undefined {
    if (!known.has(place)) known.set(place, membersOf((place === '#' ? root : textAt(place)) ?? ''))
    return known.get(place)
  }

  function textAt(place: string): string | undefined {
    const at = place.lastIndexOf('/')
    return at < 1 ? undefined : membersAt(place.slice(0, at))?.get(unescaped(place.slice(at + 1)))
  }

  return (place) => (place.split('/').length > deepest ? undefined : textAt(place))
}

/** A step of a JSON pointer in a URL fragment. */
function unescaped(step: string): string {
  try {
    return decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~')
  } catch {
    return step
  }
}

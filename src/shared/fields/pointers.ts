/** Where a field of a form is: percent-encoded names from the top, `/address/city`. What no name can be begins with a
 * colon: the variants of a union (`/stop/:1`) and the key of an entry (`/params/0/:key`). */
export function pointerTo(parent: string, name: string): string {
  return `${parent}/${encodeURIComponent(name)}`
}

export function variantPointer(parent: string, index: number): string {
  return `${parent}/:${index}`
}

export function keyPointer(entry: string): string {
  return `${entry}/:key`
}

/** `address.city` for `/address/city`. */
export function dottedName(pointer: string): string {
  const steps = pointer.replace(/^\//, '').split('/')
  return steps
    .filter((step) => !step.startsWith(':'))
    .map(decodeURIComponent)
    .join('.')
}

/** `1 run`, `1,200 runs`. `many` is given where it is not `one` with an s. */
export function plural(count: number, one: string, many?: string): string {
  return `${count.toLocaleString('en-US')} ${inNumber(count, one, many)}`
}

/** The word alone, in the number that goes with `count`. */
export function inNumber(count: number, one: string, many = `${one}s`): string {
  return count === 1 ? one : many
}

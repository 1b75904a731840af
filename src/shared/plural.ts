/** `1 run`, `1,200 runs`. */
export function plural(count: number, one: string, many?: string): string {
  return `${count.toLocaleString('en-US')} ${inNumber(count, one, many)}`
}

export function inNumber(count: number, one: string, many = `${one}s`): string {
  return count === 1 ? one : many
}

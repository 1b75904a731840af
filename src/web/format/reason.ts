export function presentReason(reason: string | null | undefined): string {
  const [first = '', ...rest] = reason ?? ''
  return first.toUpperCase() + rest.join('')
}

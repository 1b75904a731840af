/** Whether a value is an object with members, as opposed to a list, null or a plain value. */
export function isMembers(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Statuses that only the Python program writes count as ended. */
export function hasEnded(status: string): boolean {
  return status !== 'pending' && status !== 'running'
}

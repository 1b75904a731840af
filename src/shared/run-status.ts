/** Whether nothing more happens to a run of this status. Words that only the Python program writes are ends. */
export function hasEnded(status: string): boolean {
  return status !== 'pending' && status !== 'running'
}

export { fromDatetime } from '../../../shared/time/python-datetime.ts'

/** A moment as the Python program writes it: naive UTC with microseconds, `2026-11-22 16:14:30.057000`. */
export function toDatetime(at: number): string {
  return `${new Date(at).toISOString().slice(0, 23).replace('T', ' ')}000`
}

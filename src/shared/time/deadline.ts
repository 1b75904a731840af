import type { Clock } from './clock.ts'

export async function endsWithin(clock: Clock, ms: number, work: Promise<unknown>): Promise<boolean> {
  let cancelWait = () => {}
  const isLate = new Promise<boolean>((resolve) => {
    cancelWait = clock.after(ms, () => resolve(false))
  })
  try {
    return await Promise.race([work.then(() => true), isLate])
  } finally {
    cancelWait()
  }
}

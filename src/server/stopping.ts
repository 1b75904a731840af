import closeWithGrace from 'close-with-grace'
import { systemClock } from '../shared/time/clock.ts'

/** Longer than requests and runs in flight get. */
export const closeTimeoutMs = 20_000
/** npm repeats a Ctrl-C that the terminal has already sent to this process. */
const sameSignalMs = 1000
const quietMs = 1000

const signals = ['SIGINT', 'SIGTERM'] as const

/** Stops in order at the first signal, at once at the second, and after `onCrash` on an uncaught error. */
export function stopOnSignal(deps: {
  waitsFor: () => string | undefined
  stop: () => Promise<void>
  onCrash: (error: unknown) => void
}): void {
  const { waitsFor, stop, onCrash } = deps
  let stoppedAt: number | undefined
  const say = (what: string) => console.log(`Stopping: waiting for ${what}. Press Ctrl-C again to stop at once.`)

  const { close } = closeWithGrace({ delay: closeTimeoutMs, logger: false, skip: [...signals] }, async ({ err }) => {
    if (err) onCrash(err)
    await stop()
  })

  function onSignal(): void {
    if (stoppedAt === undefined) {
      stoppedAt = systemClock.elapsed()
      const what = waitsFor()
      if (what) say(what)
      else systemClock.after(quietMs, () => say(waitsFor() ?? 'requests in flight'))
      void close()
    } else if (systemClock.elapsed() - stoppedAt > sameSignalMs) process.exit(1)
  }

  for (const signal of signals) process.on(signal, onSignal)
}

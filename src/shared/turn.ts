import { setImmediate } from 'node:timers/promises'

const largeLength = 256 * 1024

/** Before the next step with a text of megabytes, others have their turn: steps in a row would hold up every request. */
export async function turnIfLarge(text: string | null): Promise<void> {
  if (text !== null && text.length >= largeLength) await setImmediate()
}

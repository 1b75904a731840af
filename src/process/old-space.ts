import { setFlagsFromString } from 'node:v8'

const growthPercent = 30

/**
 * Makes V8 collect what has died whenever its heap has grown by a third. Left alone it lets a heap of 50 MB grow to 200
 * MB before it looks, which is soon where payloads of 8 MiB come one after the other.
 */
export function holdOldSpace(setFlag = setFlagsFromString): void {
  setFlag(`--heap-growing-percent=${growthPercent}`)
}

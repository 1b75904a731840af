import type { Clock } from '../../../shared/time/clock.ts'

/** Changes within this time are announced together. */
const tellAfterMs = 100
const retryMs = 1000

/** PostgreSQL takes less than 8000 bytes. */
export const maxNoticeBytes = 7900
const radix = 36

/** Places of runs; undefined where anything may have changed. */
export type Changed = number[] | undefined

/** The name of whoever tells. Older versions know nothing but the name, and mean anything by it. */
export function payloadOf(name: string, places: Changed): string {
  if (!places) return name
  const all = `${name}:${places.map((place) => place.toString(radix))}`
  return all.length <= maxNoticeBytes ? all : name
}

export function toldBy(payload: string): { name: string; places: Changed } {
  const [name = '', listed] = payload.split(':')
  const places = listed?.split(',').flatMap((place) => (place === '' ? [] : Number.parseInt(place, radix)))
  return { name, places: places?.every(Number.isSafeInteger) ? places : undefined }
}

/** Tells of many changes at once, a moment after the first. */
export function createTelling({ after }: Pick<Clock, 'after'>, tell: (places: Changed) => Promise<unknown>) {
  let cancel: (() => void) | undefined
  let telling: Promise<unknown> | undefined
  let places: Set<number> | undefined = new Set()
  let isOver = false

  function untold(): Changed {
    const all = places && [...places]
    places = new Set()
    return all
  }

  function tellNow(): void {
    cancel?.()
    cancel = undefined
    const mine = tell(untold())
      .catch(() => {
        // It may have been heard, or not.
        places = undefined
        if (!isOver) cancel ??= after(retryMs, tellNow)
      })
      .finally(() => {
        if (telling === mine) telling = undefined
      })
    telling = mine
  }

  return {
    soon(more: Changed): void {
      if (!more) places = undefined
      else for (const place of more) places?.add(place)
      cancel ??= after(tellAfterMs, tellNow)
    },

    isUntold: () => cancel !== undefined || telling !== undefined,

    async now(): Promise<void> {
      await telling
      if (cancel) tellNow()
      await telling
    },

    /** What is left to tell, if anything. */
    end(): { places: Changed } | undefined {
      isOver = true
      if (!cancel) return undefined
      cancel()
      cancel = undefined
      return { places: untold() }
    },
  }
}

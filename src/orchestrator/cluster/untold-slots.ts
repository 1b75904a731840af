type Told = { held: string[]; released: string[] }

/** Which runs hold their slot, as far as the database has not heard of it. */
export function createUntoldSlots<Answer>(send: (told: Told) => Promise<Answer>) {
  let untold = new Map<string, boolean>()

  return {
    add(runId: string, isHeld: boolean): void {
      untold.set(runId, isHeld)
    },

    async tell(): Promise<Answer> {
      const telling = untold
      untold = new Map()
      const those = (isHeld: boolean) => [...telling].flatMap(([runId, held]) => (held === isHeld ? [runId] : []))
      try {
        return await send({ held: those(true), released: those(false) })
      } catch (error) {
        untold = new Map([...telling, ...untold])
        throw error
      }
    },
  }
}

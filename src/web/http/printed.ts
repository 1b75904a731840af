/**
 * What looks the same to everyone: printed once for a state of things, however many browsers poll it. `state` has to
 * differ whenever `print` would give something else.
 */
export function createPrinted<T>(state: () => string, print: () => Promise<T>): () => Promise<T> {
  let printedState: string | undefined
  let printed: Promise<T>
  return () => {
    const now = state()
    if (now !== printedState) {
      printed = print()
      printedState = now
      // What failed is tried again by the next who asks.
      printed.catch(() => {
        printedState = undefined
      })
    }
    return printed
  }
}

/** What looks the same to everyone is rendered once for each `state`, however many browsers poll it. */
export function createRenderCache<T>(state: () => string, render: () => Promise<T>): () => Promise<T> {
  let renderedState: string | undefined
  let rendered: Promise<T>
  return () => {
    const now = state()
    if (now !== renderedState) {
      rendered = render()
      renderedState = now
      rendered.catch(() => {
        renderedState = undefined
      })
    }
    return rendered
  }
}

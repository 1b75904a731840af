/** A store as on another machine: what was read or written is known here only a while after it was so there. */
export function slowly<T extends object>(store: T): T {
  const rest = () => new Promise((resolve) => setImmediate(resolve))
  return new Proxy(store, {
    get(target, name) {
      const operation: unknown = Reflect.get(target, name)
      if (typeof operation !== 'function') return operation
      return async (...given: unknown[]) => {
        const answer = await Promise.allSettled([operation(...given)])
        await rest()
        await rest()
        if (answer[0].status === 'rejected') throw answer[0].reason
        return answer[0].value
      }
    },
  })
}

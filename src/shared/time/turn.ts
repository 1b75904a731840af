/** From `begin` to the end of that turn of the event loop, whatever is asked `once` keeps its first answer; at other times it
 * is asked anew. To be begun where sockets are read: among immediates it would last into the next turn. */
export function createTurn() {
  let turn = 0
  let isOpen = false
  const end = () => {
    isOpen = false
  }
  return {
    begin(): void {
      if (isOpen) return
      isOpen = true
      turn++
      setImmediate(end)
    },

    once<T>(ask: () => T): () => T {
      let answer: T
      let answeredIn = 0
      return () => {
        if (!isOpen) return ask()
        if (answeredIn !== turn) {
          answer = ask()
          answeredIn = turn
        }
        return answer
      }
    },
  }
}

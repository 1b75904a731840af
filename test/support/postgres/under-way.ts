import type pg from 'pg'

let count = 0

/** How many questions of this process a database server has not answered yet. */
export const questionsUnderWay = () => count

// biome-ignore lint/suspicious/noExplicitAny: whatever the method takes
type Method = (...given: any[]) => unknown

const counted = (ask: Method): Method =>
  function (this: unknown, ...given) {
    const answer = ask.apply(this, given)
    if (!(answer instanceof Promise)) return answer
    count++
    return answer.finally(() => count--)
  }

/** From now on its questions are counted. */
export function countQuestions({ Client, Pool }: Pick<typeof pg, 'Client' | 'Pool'>): void {
  for (const { prototype } of [Client, Pool]) {
    const { query, connect } = prototype as unknown as Record<'query' | 'connect', Method>
    Object.assign(prototype, { query: counted(query), connect: counted(connect) })
  }
}

import type { Clock } from '../../../shared/time/clock.ts'
import type { Asked } from './asked-checks.ts'

const maxWaitMs = 60_000

/** `answered`: the last request of an agent whose check is made. */
export type Answer = { agentId: string; answered: number }

/** Those who wait for checks that another dashboard makes. */
export function createCheckWaits({ after }: Pick<Clock, 'after'>) {
  const waiting = new Set<Asked & { end(): void }>()

  return {
    waitFor(request: Asked): Promise<void> {
      return new Promise((resolve) => {
        const cancel = after(maxWaitMs, () => one.end())
        const one = {
          ...request,
          end() {
            cancel()
            waiting.delete(one)
            resolve()
          },
        }
        waiting.add(one)
      })
    },

    end(answers: Answer[]): void {
      const answered = new Map(answers.map((one) => [one.agentId, one.answered]))
      for (const one of waiting) if ((answered.get(one.agentId) ?? 0) >= one.asked) one.end()
    },

    endAll(): void {
      for (const { end } of waiting) end()
    },
  }
}

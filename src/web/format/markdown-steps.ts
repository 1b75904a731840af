import type { MarkdownIt } from 'markdown-it'

/** What rendering may still cost. Handed from text to text, it bounds what all texts of one page cost together. */
export type Steps = { left: number }

/** An address costs its match and three tokens. */
const stepsOfLink = 5

class OutOfSteps extends Error {}

function take(steps: Steps, count: number): void {
  steps.left -= count
  if (steps.left < 0) throw new OutOfSteps()
}

/**
 * A plugin that counts what the parser does: each rule it tries at a place takes a step, however often it comes back
 * there. Texts of the same length differ a thousandfold in that: 95 KB of "[" take half a second.
 */
export function countSteps(markdown: MarkdownIt): void {
  markdown.inline.ruler.before('text', 'steps', ({ env }) => {
    take((env as { steps: Steps }).steps, 1)
    return false
  })
  markdown.block.ruler.before(
    'table',
    'steps',
    ({ env }) => {
      take((env as { steps: Steps }).steps, 1)
      return false
    },
    { alt: ['paragraph', 'reference', 'blockquote', 'list'] },
  )
}

/** The HTML of a text, or undefined where that takes more steps than are left. */
export function renderWithin(steps: Steps, markdown: MarkdownIt, text: string): string | undefined {
  try {
    take(steps, stepsOfLink * (text.match(/https?:|mailto:/gi)?.length ?? 0))
    return markdown.render(text, { steps })
  } catch (error) {
    if (error instanceof OutOfSteps) return undefined
    throw error
  }
}
